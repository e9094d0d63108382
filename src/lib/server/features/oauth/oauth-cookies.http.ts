import type { RequestEvent } from '@sveltejs/kit';
import type { BegunFlow } from './oauth-flow.service.ts';
import { clearCookies, setCookie } from '#lib/server/platform/http/cookies.ts';

const stateCookie = 'immich_oauth_state';
const verifierCookie = 'immich_oauth_code_verifier';
/** The lifetime of a flow. */
const maxAgeSeconds = 10 * 60;

/** Binds a flow to the browser that started it. Source: docs/wire-reference/oauth.md#post-oauthauthorize. */
export function setFlowCookies(event: RequestEvent, { state, codeVerifier }: BegunFlow): void {
	const options = { maxAgeSeconds, hasExpires: true };
	setCookie(event, stateCookie, state, options);
	if (codeVerifier !== null) setCookie(event, verifierCookie, codeVerifier, options);
}

/** What a client sends after returning from the provider. */
interface Sent {
	readonly url: string;
	readonly state?: string | undefined;
	readonly codeVerifier?: string | undefined;
}

/** Fills in from the cookies what the client didn't send. */
export const withFlowCookies = ({ cookies }: RequestEvent, { url, state, codeVerifier }: Sent) => ({
	url,
	state: state || cookies.get(stateCookie),
	codeVerifier: codeVerifier || cookies.get(verifierCookie)
});

/** Clears the cookies that Immich sets for a flow: state and code verifier. */
export const clearFlowCookies = ({ cookies }: RequestEvent): void =>
	clearCookies(cookies, [stateCookie, verifierCookie]);
