import {
	createLocalJWKSet,
	decodeJwt,
	decodeProtectedHeader,
	errors,
	jwtVerify,
	type JSONWebKeySet,
	type ProtectedHeaderParameters
} from 'jose';
import type { ServerMetadata } from 'openid-client';
import { z } from 'zod';
import { isSigningAlgorithm } from '#lib/contract/settings/document/signing-algorithm.ts';
import { claimText } from './profile.ts';
import { isIssuer, toTenantIssuer, isTemplate } from './issuer.ts';
import type { ProviderKeys } from './provider-keys.ts';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const maxAgeSeconds = 120;
const clockToleranceSeconds = 5;
const tokenType = 'logout+jwt';

const Claims = z.looseObject({
	iss: z.string(),
	aud: z.union([z.string(), z.array(z.string())]),
	sub: claimText.optional(),
	sid: claimText.optional(),
	jti: claimText,
	iat: z.number(),
	nonce: z.undefined().optional(),
	events: z.looseObject({ [logoutEvent]: z.looseObject({}) })
});

/** The claims that identify the sessions to end. */
export type LogoutClaims = z.output<typeof Claims>;

/** A received token with its claims, none of them verified yet. */
export interface LogoutToken {
	readonly text: string;
	readonly header: ProtectedHeaderParameters;
	readonly claims: LogoutClaims;
}

/**
 * Parses a token without verifying it, before anything is fetched for it.
 * @throws {Error} if it isn't a logout token
 */
export function readLogoutToken(text: string): LogoutToken {
	const claims = Claims.parse(decodeJwt(text));
	const ageSeconds = Date.now() / 1_000 - claims.iat;
	if (ageSeconds > maxAgeSeconds + clockToleranceSeconds || ageSeconds < -clockToleranceSeconds)
		throw new Error('"iat" is too far from the current time');
	return { text, header: decodeProtectedHeader(text), claims };
}

/**
 * Checks a token against a provider's settings, before anything is fetched.
 * @throws {Error} if the settings rule it out
 */
export function requireMeantFor(
	{ header, claims }: LogoutToken,
	{ signingAlgorithm, clientId, requireLogoutTokenType }: OAuthProvider
): void {
	if (header.alg !== signingAlgorithm || !isSigningAlgorithm(signingAlgorithm))
		throw new Error('unexpected "alg" (algorithm)');
	if (![claims.aud].flat().includes(clientId)) throw new Error('unexpected "aud" (audience)');
	if (requireLogoutTokenType && header.typ?.toLowerCase().replace(/^application\//, '') !== tokenType)
		throw new Error('unexpected "typ" (type)');
}

/** When a used token can be forgotten, because it would be refused as too old anyway. */
export const getLogoutTokenExpiry = ({ iat }: LogoutClaims): Date =>
	new Date((iat + maxAgeSeconds + 2 * clockToleranceSeconds) * 1_000);

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6).
 * @throws {Error} if it is invalid
 */
export async function verifyLogoutToken(
	token: LogoutToken,
	provider: OAuthProvider,
	{ issuer: announced, jwks_uri: keysAt }: ServerMetadata,
	keys: ProviderKeys
): Promise<LogoutClaims> {
	requireMeantFor(token, provider);
	const { iss } = token.claims;
	if (!isIssuer(announced, iss)) throw new Error('unexpected "iss" (issuer)');
	if (keysAt === undefined) throw new Error('the provider publishes no keys');
	const { signingAlgorithm, clientId, requireLogoutTokenType } = provider;
	const verify = async (set: JSONWebKeySet) => {
		const { payload } = await jwtVerify(token.text, createLocalJWKSet(set), {
			algorithms: [signingAlgorithm],
			issuer: iss,
			audience: clientId,
			clockTolerance: clockToleranceSeconds,
			maxTokenAge: maxAgeSeconds,
			...(requireLogoutTokenType ? { typ: tokenType } : {})
		});
		return Claims.parse(payload);
	};
	const known = await keys.get(provider, keysAt);
	const claims = await verify(known).catch(async (error: unknown) => {
		if (!mayBeRotated(error, token)) throw error;
		const renewed = await keys.renew(provider, keysAt);
		if (renewed === known) throw error;
		return verify(renewed);
	});
	if (isTemplate(announced) && toTenantIssuer(announced, claims['tid']) !== iss)
		throw new Error('unexpected "tid" (tenant)');
	return claims;
}

/** Whether an unknown new key may have signed the token. A key whose ID is known hasn't been replaced. */
const mayBeRotated = (error: unknown, { header }: LogoutToken): boolean =>
	error instanceof errors.JWKSNoMatchingKey ||
	(error instanceof errors.JWSSignatureVerificationFailed && header.kid === undefined);
