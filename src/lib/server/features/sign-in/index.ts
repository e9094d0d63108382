export { AuthService } from './auth.service.ts';
export { PinCodeService } from './pin-code.service.ts';
export { SetupCode } from './setup-code.ts';
export { SignInAttempts } from './sign-in-attempts.ts';
export { SignInCheckService } from './sign-in-check.service.ts';
export { signInOriginDays, SignInOriginRepository } from './sign-in-origin.repository.ts';
export { SignInRefusals } from './sign-in-refusals.ts';
export { type SignInRepositories, signInRepositories } from './repositories.ts';
