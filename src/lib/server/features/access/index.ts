export { type AccessFeature, createAccess } from './feature.ts';
export type { IdentityCache } from './identity-cache.ts';
export { isPasswordNew, isPasswordUnproven, type OwnProof } from './own-proof.ts';
export type { OwnedAccess } from './owned-access.ts';
export { requireLive, requireLiveAdmin } from './require-live-credential.ts';
export type { LiveAdminRepositories, LiveRepositories, ProofRepositories } from './repositories.ts';
export { currentPasswordNeeded, invalidApiKey, invalidUserToken, noAccess, recentSignInNeeded } from './errors.ts';
