import { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { IdentityCache } from './identity-cache.ts';
import { OwnProof } from './own-proof.ts';
import { LinkVisitors } from './link-visitors.ts';
import type { IdentityRepositories, LinkRepositories, ProofRepositories } from './repositories.ts';

/** Ten guesses in 15 minutes are too few for a million PINs. A signed-in user's password can't be guessed any faster. */
const proofLimit = { name: 'pin', attempts: 10, periodSeconds: 15 * 60 };

/** A slug can be short; a family behind one address may still follow links that have expired. */
const linkGuessLimit = { name: 'shared-link', attempts: 200, periodSeconds: 15 * 60 };

type Repositories = IdentityRepositories & LinkRepositories & ProofRepositories;

export function createAccess({ store, pool, changes, passwords }: Platform<Repositories>) {
	const identities = new IdentityCache(store, changes);
	const proofAttempts = new RateLimiter(pool, proofLimit);
	return {
		identities,
		linkVisitors: new LinkVisitors({ store, guesses: new RateLimiter(pool, linkGuessLimit) }),
		proofAttempts,
		proofs: new OwnProof({ store, passwords, attempts: proofAttempts }),
		changes: { people: (userId) => identities.forget(userId) }
	} satisfies Feature;
}

export type AccessFeature = ReturnType<typeof createAccess>;
