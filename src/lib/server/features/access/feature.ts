import { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { IdentityCache } from './identity-cache.ts';
import { OwnProof } from './own-proof.ts';
import { OwnedAccess } from './owned-access.ts';
import type { IdentityRepositories, OwnedRepositories, ProofRepositories } from './repositories.ts';

/** Ten guesses in 15 minutes are too few for a million PINs. A signed-in user's password can't be guessed any faster. */
const proofLimit = { name: 'pin', attempts: 10, periodSeconds: 15 * 60 };

type AccessRepositories = IdentityRepositories & OwnedRepositories & ProofRepositories;

export function createAccess({ store, pool, changes, passwords }: Platform<AccessRepositories>) {
	const identities = new IdentityCache(store, changes);
	const proofAttempts = new RateLimiter(pool, proofLimit);
	return {
		identities,
		proofAttempts,
		proofs: new OwnProof({ store, passwords, attempts: proofAttempts }),
		owned: new OwnedAccess(store),
		changes: { people: (userId) => identities.forget(userId) }
	} satisfies Feature;
}

export type AccessFeature = ReturnType<typeof createAccess>;
