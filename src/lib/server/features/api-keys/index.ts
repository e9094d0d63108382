export { createApiKeys } from './feature.ts';
export type { ApiKeyIdentity, ApiKeyRepository } from './api-key.repository.ts';
export { apiKeyDirectRepositories, type ApiKeyRepositories, apiKeyRepositories } from './repositories.ts';
