import type { OAuthTestResult } from '#lib/contract/oauth/oauth.ts';

/** What a real sign-in would have done. */
export const testVerdicts: Readonly<Record<OAuthTestResult['outcome'], string>> = {
	registered: 'A new account would be created',
	linked: 'An existing account would be linked',
	signedIn: 'The already linked account would be signed in',
	refused: 'Sign-in would fail'
};
