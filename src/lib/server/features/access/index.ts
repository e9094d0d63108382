export { Authenticator } from './authenticator.ts';
export { Identities } from './identity-cache.ts';
export { isPasswordNew, isPasswordUnproven, OwnProof } from './own-proof.ts';
export { OwnedAccess } from './owned-access.ts';
export { requireLive, requireLiveAdmin } from './require-live-credential.ts';
export type { LiveAdminRepositories, LiveRepositories, ProofRepositories } from './repositories.ts';
