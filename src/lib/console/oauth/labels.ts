import type { OAuthTestResult } from '#lib/contract/oauth/oauth.ts';

/** What a real sign-in would have done. */
export const testVerdicts: Readonly<Record<OAuthTestResult['outcome'], string>> = {
	registered: 'A new account would be made',
	linked: 'An account that is here already would be linked',
	signedIn: 'An account that is linked already would be signed in',
	refused: 'Nobody would be signed in'
};
