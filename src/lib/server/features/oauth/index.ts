export { createOAuth } from './feature.ts';
export { toCodeChallenge, newFlowSecrets } from './flow.ts';
export type { OAuthIdentityRepository } from './oauth-identity.repository.ts';
export type { OAuthUnlinkRepository, StrandedAdmin } from './oauth-unlink.repository.ts';
export { oauthRepositories } from './repositories.ts';
