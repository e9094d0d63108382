import { daySeconds } from '#lib/contract/day.ts';
import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { browserCookie, type ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import { signInOriginDays } from '#lib/server/features/sign-in-limits/index.ts';
import {
	endInBrowser,
	isByProvider,
	noteSignIn,
	setCookie,
	setSessionCookies
} from '#lib/server/platform/http/cookies.ts';
import { getClientInfo } from '#lib/server/platform/http/client-info.ts';
import type { LoginCredentialDto } from '#lib/contract/sign-in/auth.ts';
import type { z } from 'zod';
import type { Auth } from '#lib/server/platform/caller/caller.ts';

/** Returns the client info of a browser's sign-in, with a new browser secret if it has none. */
export function getBrowserClientInfo(event: RequestEvent): ClientInfo {
	const clientInfo = getClientInfo(event);
	return { ...clientInfo, browser: clientInfo.browser ?? randomBytes(32).toString('base64url') };
}

/** Stores the secret in a browser that has signed in; it outlives the session. */
export function setBrowserCookie(event: RequestEvent, { browser }: ClientInfo): void {
	if (browser === null) return;
	setCookie(event, browserCookie, browser, { maxAgeSeconds: signInOriginDays * daySeconds });
}

/** Signs a browser in: the token is stored only in its cookie. */
export async function signIn(event: RequestEvent, credentials: z.output<typeof LoginCredentialDto>): Promise<void> {
	const { services } = event.locals.container;
	const previous = event.locals.auth;
	const clientInfo = getBrowserClientInfo(event);
	const { accessToken } = await services.auth.login(credentials, clientInfo);
	// The sign-in replaces the browser's cookie, so the session it names ends (ASVS 7.2.4).
	if (previous?.credential.kind === 'session' && previous.credential.isAmbient) await services.auth.logout(previous);
	setSessionCookies(event, accessToken, 'password');
	setBrowserCookie(event, clientInfo);
	noteSignIn(event);
}

export const signedOutPath = '/auth/signed-out';
const addressCookie = 'immich_auth_sign_out';
const maxAgeSeconds = 60;
/** Sealing adds a third, and the response's headers must fit into the 4 kB that proxies such as nginx allow. */
const longestAddress = 1_750;

/**
 * Ends a browser's session and returns the path to continue at. If the provider has a session to end too, that is a page
 * that links to it: browsers apply `form-action 'self'` to redirects after a form.
 */
export async function signOut(event: RequestEvent, auth: Auth): Promise<string> {
	const { oauthLogout } = event.locals.container.services;
	const { redirectUri } = await oauthLogout.logout(auth, isByProvider(event.cookies));
	endInBrowser(event);
	if (redirectUri.startsWith('/')) return redirectUri;
	const sealed = await oauthLogout.sealAddress(shortened(redirectUri));
	setCookie(event, addressCookie, sealed, { maxAgeSeconds, path: signedOutPath });
	return signedOutPath;
}

/**
 * Returns the provider's sign-out URL for the next page, once. It is sealed, because others may be able to set cookies
 * here: a sibling domain, or a page over http.
 */
export async function takeSignOutAddress({ cookies, locals }: RequestEvent): Promise<string | null> {
	const sealed = cookies.get(addressCookie);
	cookies.delete(addressCookie, { path: signedOutPath });
	const address = sealed === undefined ? null : await locals.container.services.oauthLogout.openAddress(sealed);
	return address !== null && /^https?:/.test(address) && URL.canParse(address) ? address : null;
}

/** Without the hint the provider asks first. Source: OpenID Connect RP-Initiated Logout 1.0 §2. */
function shortened(address: string): string {
	const url = new URL(address);
	if (address.length > longestAddress) url.searchParams.delete('id_token_hint');
	return url.href;
}
