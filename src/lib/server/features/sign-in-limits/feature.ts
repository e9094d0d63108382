import type { RateLimitRepository } from '#lib/server/platform/rate-limits/rate-limit.repository.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { SignInLimitRepositories } from './repositories.ts';
import { SignInAttempts } from './sign-in-attempts.ts';

type Repositories = SignInLimitRepositories & { readonly rateLimits: RateLimitRepository };

export const createSignInLimits = ({ store }: Platform<Repositories>) =>
	({
		attempts: new SignInAttempts(store.rateLimits, store.signInOrigins),
		cleanup: {
			attempts: () => store.rateLimits.removeExpired(),
			signInOrigins: () => store.signInOrigins.removeOutdated()
		}
	}) satisfies Feature;

export type SignInLimitsFeature = ReturnType<typeof createSignInLimits>;
