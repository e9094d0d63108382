import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { claimText } from './claim-text.ts';
import { fetchFor } from './provider-fetch.ts';
import type { OAuthProvider } from './provider.ts';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const maxAgeSeconds = 120;
const clockToleranceSeconds = 5;
const algorithms = [
	'RS256',
	'RS384',
	'RS512',
	'PS256',
	'PS384',
	'PS512',
	'ES256',
	'ES384',
	'ES512',
	'EdDSA',
	'Ed25519'
];

const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });
const Claims = z.looseObject({
	iss: z.string(),
	sub: claimText.optional(),
	sid: claimText.optional(),
	jti: claimText,
	iat: z.number(),
	nonce: z.undefined().optional(),
	events: z.looseObject({ [logoutEvent]: z.looseObject({}) })
});

/** What a provider demands to be ended. */
export type LogoutClaims = z.output<typeof Claims>;

/** Reads who claims to have issued a token, which decides by whose keys it is verified; null where it is none. */
export function unverifiedIssuerOf(token: string): string | null {
	try {
		return decodeJwt(token).iss ?? null;
	} catch {
		return null;
	}
}

/** How long a used token is to be remembered: until it would be refused as too old anyway. */
export const endOfLogoutToken = ({ iat }: LogoutClaims): Date =>
	new Date((iat + maxAgeSeconds + 2 * clockToleranceSeconds) * 1_000);

/** Verifies a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6). Throws whatever is wrong with it. */
export async function verifyLogoutToken(
	token: string,
	provider: OAuthProvider,
	{ issuer, jwks_uri: keysAt }: { readonly issuer: string; readonly jwks_uri?: string }
): Promise<LogoutClaims> {
	const { signingAlgorithm, clientId, requireLogoutTokenType } = provider;
	if (!algorithms.includes(signingAlgorithm)) throw new Error('the algorithm is none that a key is published for');
	if (keysAt === undefined) throw new Error('the provider publishes no keys');
	const answer = await fetchFor(provider)(keysAt, { body: null, method: 'GET', headers: {}, redirect: 'manual' });
	const keys = KeySet.parse(await answer.json()) satisfies JSONWebKeySet;
	const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
		algorithms: [signingAlgorithm],
		issuer,
		audience: clientId,
		clockTolerance: clockToleranceSeconds,
		maxTokenAge: maxAgeSeconds,
		...(requireLogoutTokenType ? { typ: 'logout+jwt' } : {})
	});
	return Claims.parse(payload);
}
