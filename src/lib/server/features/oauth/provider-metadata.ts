import type { ServerMetadata } from 'openid-client';
import { mayAnnounce } from './issuer.ts';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';

/** openid-client's message for the same error. */
const mismatch = 'discovered metadata issuer does not match the expected issuer';

/**
 * Checks that metadata has the expected issuer, and only URLs of websites, because they become links and redirects.
 * @throws {Error} otherwise
 */
export function requireOwnMetadata(
	provider: OAuthProvider,
	{ issuer, authorization_endpoint: authorizationEndpoint, end_session_endpoint: endSessionEndpoint }: ServerMetadata
): void {
	if (!mayAnnounce(provider, issuer)) throw new Error(mismatch);
	for (const address of [authorizationEndpoint, endSessionEndpoint]) {
		if (address === undefined) continue;
		const { protocol } = new URL(address);
		if (protocol !== 'https:' && !(provider.allowInsecureRequests && protocol === 'http:'))
			throw new Error('the provider leads to an address that is not https');
	}
}

/** PKCE is skipped only if the provider lists its methods without S256; the nonce protects instead. */
export const takesChallenges = ({ code_challenge_methods_supported: methods }: ServerMetadata): boolean =>
	methods === undefined || methods.includes('S256');
