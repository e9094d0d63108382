import { LRUCache } from 'lru-cache';
import {
	allowInsecureRequests,
	authorizationCodeGrant,
	buildAuthorizationUrl,
	ClientSecretBasic,
	ClientSecretPost,
	Configuration,
	customFetch,
	discovery,
	enableNonRepudiationChecks,
	fetchUserInfo,
	None,
	randomNonce,
	type ClientAuth,
	type IDToken,
	type ServerMetadata
} from 'openid-client';
import { discoveryFailed } from '../errors.ts';
import { claimText } from './claim-text.ts';
import { Profile } from './profile.ts';
import { providerFailure } from './provider-failure.ts';
import { requireOwnMetadata, takesChallenges } from './provider-metadata.ts';
import type { OAuthProvider } from './provider.ts';
import { fetchFor } from './provider-fetch.ts';

/** What the provider has vouched for: who it is, with all that it said of them. */
export interface VerifiedProfile {
	readonly issuer: string;
	readonly profile: Profile;
	/** Names the session at the provider. */
	readonly providerSessionId: string | null;
	readonly idToken: string;
}

interface AuthorizationRequest {
	readonly redirectUri: string;
	readonly state: string;
	readonly nonce: string;
	readonly codeChallenge: string;
}

interface AuthorizationAnswer {
	/** What the provider has put behind the question mark. */
	readonly parameters: URLSearchParams;
	readonly redirectUri: string;
	readonly state: string;
	readonly nonce: string;
	readonly codeVerifier: string;
}

/** Nothing that is kept in memory gets older: docs/decisions/028. */
const rememberedMs = 30_000;
const nowhere = 'the provider does not say where it begins';
/** How far ahead of ours a provider's clock may be. */
const aheadSeconds = 60;

/** Speaks OpenID Connect with providers; the only module that knows openid-client. */
export class ProviderClient {
	readonly #metadata = new LRUCache<string, ServerMetadata>({ max: 50, ttl: rememberedMs });

	newNonce(): string {
		return randomNonce();
	}

	/** Reads what a provider says of itself, and remembers it for half a minute. Throws 500. */
	async discover(provider: OAuthProvider): Promise<ServerMetadata> {
		const key = JSON.stringify([provider.id, provider.issuerUrl, provider.allowInsecureRequests]);
		const known = this.#metadata.get(key);
		if (known) return known;
		try {
			const found = await discovery(new URL(provider.issuerUrl), provider.clientId, undefined, None(), {
				[customFetch]: fetchFor(provider),
				timeout: Math.ceil(provider.timeout / 1_000),
				// eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out; an administrator asked for it
				execute: provider.allowInsecureRequests ? [allowInsecureRequests] : []
			});
			const metadata = structuredClone({ ...found.serverMetadata() });
			requireOwnMetadata(provider, metadata);
			this.#metadata.set(key, metadata);
			return metadata;
		} catch (error) {
			throw discoveryFailed(error instanceof Error ? error.message : 'unknown', providerFailure(error));
		}
	}

	/** Makes the address at which the provider asks who somebody is. */
	async authorizationUrl(provider: OAuthProvider, request: AuthorizationRequest): Promise<string> {
		const metadata = await this.discover(provider);
		if (metadata.authorization_endpoint === undefined)
			throw discoveryFailed(nowhere, providerFailure(new Error(nowhere)));
		const { redirectUri, state, nonce, codeChallenge } = request;
		const configuration = configurationOf(provider, metadata);
		const url = buildAuthorizationUrl(configuration, {
			redirect_uri: redirectUri,
			scope: provider.scope,
			state,
			nonce,
			...(provider.prompt === '' ? {} : { prompt: provider.prompt }),
			...(takesChallenges(metadata) ? { code_challenge: codeChallenge, code_challenge_method: 'S256' } : {})
		});
		return url.href;
	}

	/** Exchanges the code, and verifies all that comes for it. Throws ProviderFailure, whatever is wrong with it. */
	async exchange(provider: OAuthProvider, answer: AuthorizationAnswer): Promise<VerifiedProfile> {
		const metadata = await this.discover(provider);
		try {
			return await exchangeAt(provider, metadata, answer);
		} catch (error) {
			throw providerFailure(error);
		}
	}
}

async function exchangeAt(
	provider: OAuthProvider,
	metadata: ServerMetadata,
	answer: AuthorizationAnswer
): Promise<VerifiedProfile> {
	const configuration = configurationOf(provider, metadata);
	const url = new URL(answer.redirectUri);
	url.search = answer.parameters.toString();
	const tokens = await authorizationCodeGrant(configuration, url, {
		expectedState: answer.state,
		expectedNonce: answer.nonce,
		idTokenExpected: true,
		...(takesChallenges(metadata) ? { pkceCodeVerifier: answer.codeVerifier } : {})
	});
	const claims = tokens.claims();
	if (!claims || tokens.id_token === undefined) throw new Error('no ID token came');
	if (claims.iat > Date.now() / 1_000 + aheadSeconds) throw new Error('the ID token is of the future');
	// OpenID Connect Core §3.1.3.7: the library looks at it only where there are several audiences.
	if (claims.azp !== undefined && claims.azp !== provider.clientId)
		throw new Error('the ID token was issued to another client');
	const told =
		typeof claims['email'] === 'string'
			? claims
			: {
					...withoutWordOnEmail(claims),
					...(await fetchUserInfo(configuration, tokens.access_token, claims.sub))
				};
	const profile = Profile.safeParse(told);
	if (!profile.success) throw new Error('the subject is none');
	const sid = claims['sid'];
	if (typeof sid === 'string' && !claimText.safeParse(sid).success)
		throw new Error('the session has no name that can be kept');
	return {
		issuer: claims.iss,
		profile: profile.data,
		providerSessionId: typeof sid === 'string' ? sid : null,
		idToken: tokens.id_token
	};
}

/** Whether an e-mail is verified counts only where it is said beside the e-mail. */
const withoutWordOnEmail = (claims: IDToken): object =>
	Object.fromEntries(Object.entries(claims).filter(([name]) => name !== 'email_verified'));

/** Made anew each time from what is remembered, so that keys are fetched each time and may be rotated at any. */
function configurationOf(provider: OAuthProvider, metadata: ServerMetadata): Configuration {
	const { signingAlgorithm, profileSigningAlgorithm } = provider;
	const signedProfile =
		profileSigningAlgorithm === 'none' ? {} : { userinfo_signed_response_alg: profileSigningAlgorithm };
	const client = { id_token_signed_response_alg: signingAlgorithm, ...signedProfile };
	const configuration = new Configuration(metadata, provider.clientId, client, authenticationOf(provider));
	configuration[customFetch] = fetchFor(provider);
	configuration.timeout = Math.ceil(provider.timeout / 1_000);
	// eslint-disable-next-line @typescript-eslint/no-deprecated -- the same
	if (provider.allowInsecureRequests) allowInsecureRequests(configuration);
	enableNonRepudiationChecks(configuration);
	return configuration;
}

function authenticationOf({ clientSecret, tokenEndpointAuthMethod }: OAuthProvider): ClientAuth {
	if (clientSecret === '' || tokenEndpointAuthMethod === 'none') return None();
	return tokenEndpointAuthMethod === 'client_secret_basic'
		? ClientSecretBasic(clientSecret)
		: ClientSecretPost(clientSecret);
}
