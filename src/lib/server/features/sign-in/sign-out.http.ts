import type { RequestEvent } from '@sveltejs/kit';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { endInBrowser, isByProvider, setCookie } from '#lib/server/platform/http/cookies.ts';

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
