import { daySeconds } from '#lib/contract/day.ts';
import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { accessTokenCookie } from '../caller/credentials.ts';

/** The longest that browsers keep a cookie. */
export const longestCookieSeconds = 400 * daySeconds;
const authTypeCookie = 'immich_auth_type';
const isAuthenticatedCookie = 'immich_is_authenticated';
const signedInCookie = 'immich_auth_signed_in';
const signedInSeconds = 60;
const loginPath = '/auth/login';

interface CookieOptions {
	readonly maxAgeSeconds: number;
	readonly path?: string;
	readonly sameSite?: 'lax' | 'strict';
	/** Whether page scripts can read it. */
	readonly isReadable?: boolean;
	/** Whether to send Expires in addition to Max-Age, as Immich does. */
	readonly hasExpires?: boolean;
}

/** Sets a cookie. This server sets its cookies here, so that all are protected alike. */
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

/**
 * Sets the session's three cookies that Immich's web client knows.
 * Source: docs/wire-reference/credentials.md#cookies.
 */
export function setSessionCookies(event: RequestEvent, accessToken: string, authType: 'password' | 'oauth'): void {
	const options = { maxAgeSeconds: longestCookieSeconds, hasExpires: true };
	setCookie(event, accessTokenCookie, accessToken, options);
	setCookie(event, authTypeCookie, authType, options);
	setCookie(event, isAuthenticatedCookie, 'true', { ...options, isReadable: true });
}

/** Returns whether the browser sent a session that has ended. */
export const hasEndedSession = ({ cookies, locals }: RequestEvent): boolean =>
	locals.auth === null && Boolean(cookies.get(accessTokenCookie));

/** Clears cookies with the attributes that Immich sends. */
export function clearCookies(cookies: Cookies, names: readonly string[]): void {
	const past = { path: '/', expires: new Date(0), httpOnly: false, secure: false, sameSite: false } as const;
	for (const name of names) cookies.set(name, '', past);
}

/**
 * Clears the session in the browser: its cookies, cached pages and images, and form drafts. Without `"cookies"`, which would also
 * remove those of other programs on the same domain, and the maintenance token.
 */
export function endInBrowser(event: RequestEvent): void {
	clearCookies(event.cookies, [accessTokenCookie, authTypeCookie, isAuthenticatedCookie]);
	event.setHeaders({ 'clear-site-data': '"cache", "storage"' });
}

/** For a session that was ended elsewhere: form drafts are kept for the next sign-in. */
export const clearCache = ({ setHeaders }: RequestEvent): void => setHeaders({ 'clear-site-data': '"cache"' });

/** Does the same if the ended session is the one that sent the request. */
export function endIfOwn(event: RequestEvent, endedId: string): void {
	const credential = event.locals.auth?.credential;
	if (credential?.kind === 'session' && credential.isAmbient && credential.sessionId === endedId) endInBrowser(event);
}

/**
 * Over plain HTTP, browsers refuse a cookie marked as secure, and one whose secure namesake they already have from HTTPS. They
 * accept this one, which tells the sign-in page that a session was just started.
 */
export function noteSignIn({ cookies, url }: RequestEvent): void {
	if (url.protocol !== 'http:') return;
	cookies.set(signedInCookie, 'true', {
		path: loginPath,
		maxAge: signedInSeconds,
		httpOnly: true,
		sameSite: 'lax',
		secure: false
	});
}

/** Returns, once, whether the browser was given a session but didn't keep its cookie. */
export function takeRefusedCookie({ cookies, locals }: RequestEvent): boolean {
	if (cookies.get(signedInCookie) === undefined) return false;
	cookies.delete(signedInCookie, { path: loginPath, secure: false });
	return locals.auth === null && !cookies.get(accessTokenCookie);
}

/** Returns whether the browser's session was started through a provider. */
export const isByProvider = (cookies: Cookies): boolean => cookies.get(authTypeCookie) === 'oauth';
