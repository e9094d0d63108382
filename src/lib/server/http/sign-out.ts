import type { RequestEvent } from '@sveltejs/kit';
import type { Auth } from '../auth/auth.ts';
import { clearSessionCookies, isByProvider } from './cookies.ts';

export const signedOutPath = '/auth/signed-out';
const addressCookie = 'immich_auth_sign_out';
const maxAgeSeconds = 60;
/** The response's headers must fit into the 4 kB that proxies such as nginx allow. */
const longestAddress = 2_400;

/**
 * Ends the session of a browser and gives the path to go on to. Where its provider has a session to end too, that is a page
 * which leads there: browsers hold `form-action 'self'` against a redirect that answers a form.
 */
export async function signOut(event: RequestEvent, auth: Auth): Promise<string> {
	const { oauthLogouts } = event.locals.container.services;
	const { redirectUri } = await oauthLogouts.logout(auth, isByProvider(event.cookies));
	clearSessionCookies(event.cookies);
	if (redirectUri.startsWith('/')) return redirectUri;
	event.cookies.set(addressCookie, shortened(redirectUri), {
		path: signedOutPath,
		maxAge: maxAgeSeconds,
		httpOnly: true,
		sameSite: 'lax',
		secure: event.url.protocol === 'https:'
	});
	return signedOutPath;
}

/** Gives the provider's address that signing out has left for the next page, once. */
export function takeSignOutAddress({ cookies }: RequestEvent): string | null {
	const address = cookies.get(addressCookie);
	cookies.delete(addressCookie, { path: signedOutPath });
	return address !== undefined && /^https?:/.test(address) && URL.canParse(address) ? address : null;
}

/** Without the hint the provider asks first. Source: OpenID Connect RP-Initiated Logout 1.0 §2. */
function shortened(address: string): string {
	const url = new URL(address);
	if (address.length > longestAddress) url.searchParams.delete('id_token_hint');
	return url.href;
}
