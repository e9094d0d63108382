import { randomBytes } from 'node:crypto';
import type { ClientAuth, Configuration, IDToken, ServerMetadata } from 'openid-client';
import { discoveryFailed } from './errors.ts';
import { isIssuer, toTenantIssuer, isTemplate } from './issuer.ts';
import { claimText, Profile } from './profile.ts';
import { verifyLogoutToken, type LogoutClaims, type LogoutToken } from './logout-token.ts';
import { providerFailure } from './provider-failure.ts';
import { checkClient } from './provider-check.ts';
import { loadOpenIdClient, type OpenIdClient } from './load-openid-client.ts';
import { ProviderDocuments } from './provider-documents.ts';
import { ProviderKeys } from './provider-keys.ts';
import { takesChallenges } from './provider-metadata.ts';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';
import { fetchFor } from './provider-fetch.ts';

/** The verified issuer and claims of a user. */
export interface VerifiedProfile {
	readonly issuer: string;
	readonly profile: Profile;
	/** The ID of the provider's session. */
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
	/** The query parameters of the response. */
	readonly parameters: URLSearchParams;
	readonly redirectUri: string;
	readonly state: string;
	readonly nonce: string;
	readonly codeVerifier: string;
}

const nowhere = 'the provider does not say where it begins';
const nonceBytes = 32;
/** How far a provider's clock may be ahead of ours. */
const aheadSeconds = 60;
/** How long a test of settings waits for each response. */
const checkMs = 5_000;
/** The URL that openid-client recognizes as Microsoft Entra ID. */
const microsoft = new URL('https://login.microsoftonline.com/common/v2.0');

/** Speaks OpenID Connect with providers. */
export class ProviderClient {
	readonly #documents = new ProviderDocuments();
	readonly #keys = new ProviderKeys();

	/** Returns a random nonce for a flow. */
	newNonce(): string {
		return randomBytes(nonceBytes).toString('base64url');
	}

	/**
	 * Returns a provider's metadata, cached for five minutes.
	 * @throws {AppError} 500 if it can't be fetched
	 */
	discover(provider: OAuthProvider): Promise<ServerMetadata> {
		return this.#documents.get(provider);
	}

	/**
	 * Fetches the metadata again, ignoring the cache.
	 * @throws {AppError} 500 if it can't be fetched
	 */
	rediscover(provider: OAuthProvider): Promise<ServerMetadata> {
		return this.#documents.refresh(provider);
	}

	/** Clears everything cached from providers, so that changed settings take effect. */
	forget(): void {
		this.#documents.forget();
		this.#keys.forget();
	}

	/**
	 * Verifies a logout token.
	 * @throws {Error} if it is invalid
	 */
	verifyLogoutToken(token: LogoutToken, provider: OAuthProvider, metadata: ServerMetadata): Promise<LogoutClaims> {
		return verifyLogoutToken(token, provider, metadata, this.#keys);
	}

	/**
	 * Builds the URL of the provider's sign-in page.
	 * @throws {AppError} 500 if the provider's metadata can't be used
	 */
	async authorizationUrl(provider: OAuthProvider, request: AuthorizationRequest): Promise<string> {
		const metadata = await this.discover(provider);
		if (metadata.authorization_endpoint === undefined)
			throw discoveryFailed(nowhere, providerFailure(new Error(nowhere)));
		const { redirectUri, state, nonce, codeChallenge } = request;
		const configuration = await buildConfiguration(provider, metadata);
		const { buildAuthorizationUrl } = await loadOpenIdClient();
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

	/** Finds out what a provider rejects about a client, without a sign-in; null if it rejects nothing. */
	async check(
		provider: OAuthProvider,
		asked: { authorizationUrl: string; redirectUri: string }
	): Promise<string | null> {
		const metadata = await this.discover(provider);
		const quick = { ...provider, timeout: Math.min(provider.timeout, checkMs) };
		return checkClient(quick, await buildConfiguration(quick, metadata), asked);
	}

	/**
	 * Exchanges the code, and verifies the response.
	 * @throws {ProviderFailure} if the provider refuses or its response is invalid
	 */
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
	const { authorizationCodeGrant, fetchUserInfo } = await loadOpenIdClient();
	const configuration = await buildConfiguration(provider, metadata);
	const url = new URL(answer.redirectUri);
	url.search = answer.parameters.toString();
	const announcedBy = isTemplate(metadata.issuer) ? takeIssuer(url.searchParams, metadata) : null;
	const tokens = await authorizationCodeGrant(configuration, url, {
		expectedState: answer.state,
		expectedNonce: answer.nonce,
		idTokenExpected: true,
		...(takesChallenges(metadata) ? { pkceCodeVerifier: answer.codeVerifier } : {})
	});
	const claims = tokens.claims();
	if (!claims || tokens.id_token === undefined) throw new Error('no ID token came');
	if (claims.iat > Date.now() / 1_000 + aheadSeconds) throw new Error('the ID token is of the future');
	// OpenID Connect Core §3.1.3.7: the library checks it only if there are several audiences.
	if (claims.azp !== undefined && claims.azp !== provider.clientId)
		throw new Error('the ID token was issued to another client');
	requireTenant(provider, metadata, claims, announcedBy);
	const allClaims =
		typeof claims['email'] === 'string'
			? claims
			: {
					...withoutWordOnEmail(claims),
					...(await fetchUserInfo(configuration, tokens.access_token, claims.sub))
				};
	const profile = Profile.safeParse(allClaims);
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

/** `email_verified` counts only if it comes from the same place as the email. */
const withoutWordOnEmail = (claims: IDToken): object =>
	Object.fromEntries(Object.entries(claims).filter(([name]) => name !== 'email_verified'));

/** Removes `iss`, which openid-client would compare with the template of a multi-tenant issuer (RFC 9207 §2.4). */
function takeIssuer(parameters: URLSearchParams, metadata: ServerMetadata): string | null {
	const [issuer = null, another] = parameters.getAll('iss');
	parameters.delete('iss');
	if (another !== undefined) throw new Error('"iss" came twice');
	if (issuer === null && metadata.authorization_response_iss_parameter_supported === true)
		throw new Error('response parameter "iss" (issuer) missing');
	if (issuer !== null && !isIssuer(metadata.issuer, issuer))
		throw new Error('unexpected "iss" (issuer) response parameter value');
	return issuer;
}

/** Requires that an ID token was issued by the tenant it names and by the expected issuer. */
function requireTenant(
	{ expectedIssuer }: OAuthProvider,
	{ issuer: announced }: ServerMetadata,
	{ iss, tid }: IDToken,
	announcedBy: string | null
): void {
	if (!isTemplate(announced)) return;
	const isAsExpected = expectedIssuer === '' || isTemplate(expectedIssuer) || iss === expectedIssuer;
	if (toTenantIssuer(announced, tid) !== iss || !isAsExpected || (announcedBy !== null && announcedBy !== iss))
		throw new Error('unexpected JWT "iss" (issuer) claim value');
}

/** Created for each use from cached metadata; keys are fetched each time, so they can be rotated at any time. */
async function buildConfiguration(provider: OAuthProvider, metadata: ServerMetadata): Promise<Configuration> {
	const { signingAlgorithm, profileSigningAlgorithm } = provider;
	const signedProfile =
		profileSigningAlgorithm === 'none' ? {} : { userinfo_signed_response_alg: profileSigningAlgorithm };
	const client = { id_token_signed_response_alg: signingAlgorithm, ...signedProfile };
	const openId = await loadOpenIdClient();
	const { discovery, enableNonRepudiationChecks } = openId;
	const authentication = chooseAuthentication(provider, openId);
	// openid-client compares tenant issuers only after discovering Entra ID itself, so that request gets the cached metadata.
	const configuration = isTemplate(metadata.issuer)
		? await discovery(microsoft, provider.clientId, client, authentication, {
				[openId.customFetch]: () =>
					Promise.resolve(Response.json({ ...metadata, authorization_response_iss_parameter_supported: undefined }))
			})
		: new openId.Configuration(metadata, provider.clientId, client, authentication);
	configuration[openId.customFetch] = fetchFor(provider);
	configuration.timeout = Math.ceil(provider.timeout / 1_000);
	// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated only as a warning; an admin enabled it
	if (provider.allowInsecureRequests) openId.allowInsecureRequests(configuration);
	enableNonRepudiationChecks(configuration);
	return configuration;
}

function chooseAuthentication(
	{ clientSecret, tokenEndpointAuthMethod }: OAuthProvider,
	{ ClientSecretBasic, ClientSecretPost, None }: OpenIdClient
): ClientAuth {
	if (clientSecret === '' || tokenEndpointAuthMethod === 'none') return None();
	return tokenEndpointAuthMethod === 'client_secret_basic'
		? ClientSecretBasic(clientSecret)
		: ClientSecretPost(clientSecret);
}
