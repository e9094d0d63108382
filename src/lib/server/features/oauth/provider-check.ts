import type { Configuration } from 'openid-client';
import { loadOpenIdClient } from './load-openid-client.ts';
import { fetchFor } from './provider-fetch.ts';
import { providerFailure } from './provider-failure.ts';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';

const unknownClient =
	'The provider does not know this client ID, or it refuses the redirect URI. Check the client ID, and register the redirect URI exactly as shown below.';
const wrongSecret =
	'The provider refuses the client secret, or the way it is sent. Check the secret and “Token endpoint authentication method”.';

/** Finds out what a provider rejects about a client, without a sign-in; null if it rejects nothing. */
export async function checkClient(
	provider: OAuthProvider,
	configuration: Configuration,
	{ authorizationUrl, redirectUri }: { readonly authorizationUrl: string; readonly redirectUri: string }
): Promise<string | null> {
	const [isRefused, isSecretRefused] = await Promise.all([
		refusesRequest(provider, authorizationUrl),
		refusesClient(configuration, redirectUri)
	]);
	if (isRefused) return unknownClient;
	return isSecretRefused ? wrongSecret : null;
}

/** Providers respond to a valid request with a page or a redirect. */
async function refusesRequest(provider: OAuthProvider, url: string): Promise<boolean> {
	const options = { body: null, method: 'GET', headers: { accept: 'text/html' }, redirect: 'manual' } as const;
	return fetchFor(provider)(url, options).then(
		({ status }) => status >= 400 && status < 500,
		() => false
	);
}

/** Providers check the client before the code, which is invalid here. */
async function refusesClient(configuration: Configuration, redirectUri: string): Promise<boolean> {
	const { genericGrantRequest, WWWAuthenticateChallengeError } = await loadOpenIdClient();
	const code = { code: 'check-of-settings', redirect_uri: redirectUri, code_verifier: 'check-of-settings'.repeat(3) };
	return genericGrantRequest(configuration, 'authorization_code', code).then(
		() => false,
		(error: unknown) =>
			error instanceof WWWAuthenticateChallengeError ||
			/\((invalid_client|unauthorized_client)\)/.test(providerFailure(error).message)
	);
}
