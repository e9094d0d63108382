export { createSignIn, type SignInFeature } from './feature.ts';
export type { AuthService } from './auth.service.ts';
