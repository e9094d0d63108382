import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { accessTokenCookie } from '../auth/credentials.ts';

const maxAgeSeconds = 400 * 24 * 60 * 60;
const authTypeCookie = 'immich_auth_type';
const isAuthenticatedCookie = 'immich_is_authenticated';

interface CookieOptions {
	readonly maxAgeSeconds: number;
	readonly path?: string;
	readonly sameSite?: 'lax' | 'strict';
	/** Scripts of pages may read it. */
	readonly isReadable?: boolean;
	/** Sends Expires beside Max-Age, as Immich does. */
	readonly hasExpires?: boolean;
}

/** Sets a cookie. Every cookie of this server is set here, so that all are protected alike. */
export function setCookie(
	{ cookies, url, locals }: Pick<RequestEvent, 'cookies' | 'url' | 'locals'>,
	name: string,
	value: string,
	{ maxAgeSeconds, path = '/', sameSite = 'lax', isReadable = false, hasExpires = false }: CookieOptions
): void {
	const { alwaysSecure } = locals.container.settings.current.immichAuth.cookies;
	cookies.set(name, value, {
		maxAge: maxAgeSeconds,
		...(hasExpires && { expires: new Date(Date.now() + maxAgeSeconds * 1_000) }),
		path,
		httpOnly: !isReadable,
		sameSite,
		secure: alwaysSecure || url.protocol === 'https:'
	});
}

/** Hands the browser its session, in the three cookies that Immich's web client knows. Source: wire reference 2.8. */
export function setSessionCookies(event: RequestEvent, accessToken: string, authType: 'password' | 'oauth'): void {
	setCookie(event, accessTokenCookie, accessToken, { maxAgeSeconds, hasExpires: true });
	setCookie(event, authTypeCookie, authType, { maxAgeSeconds, hasExpires: true });
	setCookie(event, isAuthenticatedCookie, 'true', { maxAgeSeconds, hasExpires: true, isReadable: true });
}

/** Tells that the browser brings a session, and that it is none any more. */
export const hasEndedSession = ({ cookies, locals }: RequestEvent): boolean =>
	locals.auth === null && Boolean(cookies.get(accessTokenCookie));

/** Takes the session's cookies back. */
export function clearSessionCookies(cookies: Cookies): void {
	const past = { path: '/', expires: new Date(0), httpOnly: false, secure: false, sameSite: false } as const;
	for (const name of [accessTokenCookie, authTypeCookie, isAuthenticatedCookie]) cookies.set(name, '', past);
}

/** Tells whether the browser’s session was begun by a provider. */
export const isByProvider = (cookies: Cookies): boolean => cookies.get(authTypeCookie) === 'oauth';
