import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { accessTokenCookie } from '../auth/credentials.ts';

const maxAgeSeconds = 400 * 24 * 60 * 60;
const authTypeCookie = 'immich_auth_type';
const isAuthenticatedCookie = 'immich_is_authenticated';

/** Hands the browser its session, in the three cookies that Immich's web client knows. Source: wire reference 2.8. */
export function setSessionCookies(event: RequestEvent, accessToken: string, authType: 'password' | 'oauth'): void {
	const { alwaysSecure } = event.locals.container.settings.current.immichAuth.cookies;
	const options = {
		maxAge: maxAgeSeconds,
		expires: new Date(Date.now() + maxAgeSeconds * 1_000),
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: alwaysSecure || event.url.protocol === 'https:'
	} as const;
	event.cookies.set(accessTokenCookie, accessToken, options);
	event.cookies.set(authTypeCookie, authType, options);
	event.cookies.set(isAuthenticatedCookie, 'true', { ...options, httpOnly: false });
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
