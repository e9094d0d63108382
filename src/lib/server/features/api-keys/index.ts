export { UserApiKeyService } from './api-key-admin.service.ts';
export { ApiKeyDetailsService } from './api-key-details.service.ts';
export { ApiKeyUsageRepository, keptUsageDays } from './api-key-usage.repository.ts';
export { type ApiKeyIdentity, ApiKeyRepository } from './api-key.repository.ts';
export { ApiKeyService } from './api-key.service.ts';
export { KeyUsage } from './usage-recorder.ts';
export { apiKeyDirectRepositories, type ApiKeyRepositories, apiKeyRepositories } from './repositories.ts';
