import { parseCookie } from 'cookie';

/** Where credentials are looked for; the same for HTTP requests and websocket handshakes. */
export interface CredentialSource {
	readonly headers: Headers;
	readonly query: URLSearchParams;
}

export type Credential =
	| { readonly kind: 'shareKey' | 'shareSlug'; readonly secret: string }
	| { readonly kind: 'session'; readonly secret: string; readonly isAmbient: boolean }
	| { readonly kind: 'apiKey'; readonly secret: string };

export const accessTokenCookie = 'immich_access_token';

/**
 * Finds the one credential that counts: the first kind that is present decides, and a bad one is never
 * followed by another. Source: wire reference 2.1, 2.2.
 */
export function findCredential({ headers, query }: CredentialSource, isQueryAccepted: boolean): Credential | null {
	const header = (name: string) => headers.get(name)?.trim() || undefined;
	const parameter = (name: string) => (isQueryAccepted ? query.get(name) || undefined : undefined);

	const shareKey = header('x-immich-share-key') ?? query.get('key');
	if (shareKey) return { kind: 'shareKey', secret: shareKey };
	const shareSlug = header('x-immich-share-slug') ?? query.get('slug');
	if (shareSlug) return { kind: 'shareSlug', secret: shareSlug };

	const sent =
		header('x-immich-user-token') ??
		header('x-immich-session-token') ??
		parameter('sessionKey') ??
		bearerToken(header('authorization'));
	if (sent) return { kind: 'session', secret: sent, isAmbient: false };
	const cookie = parseCookie(headers.get('cookie') ?? '')[accessTokenCookie];
	if (cookie) return { kind: 'session', secret: cookie, isAmbient: true };

	const apiKey = header('x-api-key') ?? parameter('apiKey');
	return apiKey ? { kind: 'apiKey', secret: apiKey } : null;
}

/** Reads a bearer token; another scheme is no credential here (RFC 6750 §2.1, scheme per RFC 9110 §11.1). */
export function bearerToken(authorization: string | undefined): string | undefined {
	const [scheme, token] = authorization?.split(/ +/, 2) ?? [];
	return scheme?.toLowerCase() === 'bearer' ? token : undefined;
}
