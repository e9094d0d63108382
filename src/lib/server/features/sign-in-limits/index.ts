export { createSignInLimits, type SignInLimitsFeature } from './feature.ts';
export { type SignInLimitRepositories, signInLimitRepositories } from './repositories.ts';
export type { SignInAttempts, SignInAttempt } from './sign-in-attempts.ts';
export { signInOriginDays } from './sign-in-origin.repository.ts';
