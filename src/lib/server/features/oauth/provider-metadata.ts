import type { ServerMetadata } from 'openid-client';
import { mayAnnounce } from './issuer.ts';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';

/** The words of openid-client for the same. */
const mismatch = 'discovered metadata issuer does not match the expected issuer';

/** Refuses metadata of an issuer that was not expected, and addresses that are no websites: they become links and redirects. */
export function requireOwnMetadata(
	provider: OAuthProvider,
	{ issuer, authorization_endpoint: entrance, end_session_endpoint: exit }: ServerMetadata
): void {
	if (!mayAnnounce(provider, issuer)) throw new Error(mismatch);
	for (const address of [entrance, exit]) {
		if (address === undefined) continue;
		const { protocol } = new URL(address);
		if (protocol !== 'https:' && !(provider.allowInsecureRequests && protocol === 'http:'))
			throw new Error('the provider leads to an address that is not https');
	}
}

/** Challenges are left out only if the provider lists its methods and S256 is not among them; the nonce stands in. */
export const takesChallenges = ({ code_challenge_methods_supported: methods }: ServerMetadata): boolean =>
	methods === undefined || methods.includes('S256');
