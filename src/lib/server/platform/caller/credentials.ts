import { parseCookie } from 'cookie';

/** Where credentials are looked for; the same for HTTP requests and websocket handshakes. */
export interface CredentialSource {
	readonly headers: Headers;
	readonly query: URLSearchParams;
}

export type Credential =
	| { readonly kind: 'shareKey' | 'shareSlug'; readonly secret: string }
	| { readonly kind: 'session' | 'apiKey'; readonly secret: string; readonly isAmbient: boolean };

export const accessTokenCookie = 'immich_access_token';

/**
 * Finds the one credential that counts: the first kind present decides, with no fallback if it is invalid.
 * Source: docs/wire-reference/credentials.md#which-credential-counts.
 */
export function findCredential({ headers, query }: CredentialSource, isQueryAccepted: boolean): Credential | null {
	const header = (name: string) => headers.get(name)?.trim() || undefined;
	const parameter = (name: string) => (isQueryAccepted ? query.get(name) || undefined : undefined);

	const shareKey = header('x-immich-share-key') ?? query.get('key');
	if (shareKey) return { kind: 'shareKey', secret: shareKey };
	const shareSlug = header('x-immich-share-slug') ?? query.get('slug');
	if (shareSlug) return { kind: 'shareSlug', secret: shareSlug };

	const inOwnHeader = header('x-immich-user-token') ?? header('x-immich-session-token');
	if (inOwnHeader) return { kind: 'session', secret: inOwnHeader, isAmbient: false };
	const inQuery = parameter('sessionKey');
	if (inQuery) return { kind: 'session', secret: inQuery, isAmbient: true };
	const bearer = bearerToken(header('authorization'));
	if (bearer) return { kind: 'session', secret: bearer, isAmbient: false };
	const cookie = parseCookie(headers.get('cookie') ?? '')[accessTokenCookie];
	if (cookie) return { kind: 'session', secret: cookie, isAmbient: true };

	const apiKey = header('x-api-key');
	if (apiKey) return { kind: 'apiKey', secret: apiKey, isAmbient: false };
	const keyInQuery = parameter('apiKey');
	return keyInQuery ? { kind: 'apiKey', secret: keyInQuery, isAmbient: true } : null;
}

/** Parses a bearer token; other schemes are ignored (RFC 6750 §2.1, scheme per RFC 9110 §11.1). */
export function bearerToken(authorization: string | undefined): string | undefined {
	const [scheme, token] = authorization?.split(/ +/, 2) ?? [];
	return scheme?.toLowerCase() === 'bearer' ? token : undefined;
}
