import type { ServerMetadata } from 'openid-client';
import type { OAuthProvider } from './provider.ts';

/**
 * Refuses what a provider says of itself where it speaks for somebody else, or leads to what is no website: its addresses
 * become links and redirects. openid-client compares the issuer, but not where the address of the document itself was set.
 */
export function requireOwnMetadata(
	{ issuerUrl, allowInsecureRequests }: OAuthProvider,
	{ issuer, authorization_endpoint: entrance, end_session_endpoint: exit }: ServerMetadata
): void {
	if (new URL(issuer).origin !== new URL(issuerUrl).origin)
		throw new Error('discovered metadata issuer does not match the expected issuer');
	for (const address of [entrance, exit]) {
		if (address === undefined) continue;
		const { protocol } = new URL(address);
		if (protocol !== 'https:' && !(allowInsecureRequests && protocol === 'http:'))
			throw new Error('the provider leads to an address that is not https');
	}
}

/** Challenges are left out only where the provider lists its methods and S256 is none of them; the nonce stands in. */
export const takesChallenges = ({ code_challenge_methods_supported: methods }: ServerMetadata): boolean =>
	methods === undefined || methods.includes('S256');
