import { isRedirect, redirect, type RequestEvent } from '@sveltejs/kit';
import { firstProviderId, getLinkPath, getRedirectPath, type OAuthTestResult } from '#lib/contract/oauth/oauth.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { classifySender } from '#lib/server/platform/caller/request-site.ts';
import { signInBegunElsewhere } from './errors.ts';
import { FlowFailure } from './flow.ts';
import { ProviderFailure } from './provider-failure.ts';
import type { ProposedGroup } from '#lib/server/features/settings/index.ts';
import { getBrowserClientInfo, setBrowserCookie } from '#lib/server/features/sign-in/browser-session.http.ts';
import { noteSignIn, setCookie, setSessionCookies } from '#lib/server/platform/http/cookies.ts';
import { safePath } from '#lib/server/platform/http/redirects.ts';
import { clearFlowCookies, setFlowCookies, withFlowCookies } from './oauth-cookies.http.ts';
import { getClientInfo } from '#lib/server/platform/http/client-info.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';
import { toAppError } from '#lib/server/platform/http/error-response.ts';

/** Why a sign-in or link failed, for display on a page. */
interface Refusal {
	readonly message: string;
	readonly correlationId: string;
}

const loginPath = '/auth/login';
const linkPath = '/user-settings';
const testPath = '/admin/settings/oauth/test';
const arrivalParameter = 'provider';
/** Where the browser continues after the flow; a cookie, because the provider knows only one URL. */
const continueCookie = 'immich_auth_continue';
const continueSeconds = 10 * 60;

/** Whether to skip the login page, by Immich's parameters: `autoLaunch=1` overrides `autoLaunch=0` and `password=1`. */
function mayLaunch({ searchParams }: URL, autoLaunch: boolean): boolean {
	const has = (name: string, ...values: string[]) => searchParams.getAll(name).some((value) => values.includes(value));
	if (has('autoLaunch', '1')) return true;
	return autoLaunch && !has('autoLaunch', '0') && !has('password', '1', 'true');
}

/** The provider named in the page's URL; the first one if the login page is skipped. */
function wantedProvider({ url, locals, request }: RequestEvent): string | null {
	if (request.method !== 'GET') return null;
	const named = url.searchParams.get('provider');
	// Another site must not choose which user its visitor signs in as.
	if (named !== null) return classifySender(request.headers, url.origin) === 'foreign' ? null : named;
	const { enabled, autoLaunch } = locals.container.settings.current.system.oauth;
	return enabled && mayLaunch(url, autoLaunch) ? firstProviderId : null;
}

/**
 * Redirects to the requested provider, which returns to the login page. Returns the reason if that fails, and null if none is
 * requested. A link leads here, because a form may not redirect to another site.
 */
export async function testProvider(event: RequestEvent): Promise<Refusal | null> {
	const providerId = wantedProvider(event);
	if (providerId === null) return null;
	try {
		const redirectUri = `${publicOrigin(event)}${getRedirectPath(providerId)}`;
		const begun = await event.locals.container.services.oauthFlow.begin(
			{ redirectUri, providerId },
			getClientInfo(event)
		);
		setFlowCookies(event, begun);
		const next = safePath(event.url.searchParams.get('continue'));
		setCookie(event, continueCookie, next, { maxAgeSeconds: continueSeconds, path: loginPath });
		redirect(303, begun.url);
	} catch (thrown) {
		if (isRedirect(thrown)) throw thrown;
		return toRefusal(event, thrown);
	}
}

/**
 * Signs the user in with a provider's response, and redirects. Returns the reason if that fails, and null if the request
 * isn't a provider's response.
 */
export async function finishAtProvider(event: RequestEvent): Promise<Refusal | null> {
	const { url, locals, cookies, request } = event;
	const { services } = locals.container;
	if (!hasComeBack(url, locals.auth !== null) || request.method !== 'GET') return null;
	const next = safePath(cookies.get(continueCookie) ?? null);
	const previous = locals.auth;
	const dto = withFlowCookies(event, { url: url.href });
	// The provider knows only this URL. Tests, and links at other providers than the first, continue on other pages.
	const kind = await services.oauthFlow.findKind(dto);
	if (kind === 'try') redirect(303, forwarded(event, testPath));
	if (kind === 'link' && isOther(event)) redirect(303, forwarded(event, linkPath));
	try {
		const clientInfo = getBrowserClientInfo(event);
		const login = await services.oauth.signIn(dto, clientInfo);
		// The new cookie replaces the old session, so end that (ASVS 7.2.4).
		if (previous?.credential.kind === 'session') await services.auth.logout(previous);
		setSessionCookies(event, login.accessToken, 'oauth');
		setBrowserCookie(event, clientInfo);
		noteSignIn(event);
	} catch (thrown) {
		clearFlowCookies(event);
		return toRefusal(event, thrown);
	}
	clearFlowCookies(event);
	cookies.delete(continueCookie, { path: loginPath });
	redirect(303, next);
}

/** Starts linking the caller, and returns the provider's URL. Pages must call it from a form, never from a link. */
export async function beginLink(
	event: RequestEvent,
	auth: Auth,
	{ providerId, currentPassword }: { readonly providerId: string; readonly currentPassword?: string | undefined }
): Promise<{ url: string }> {
	const redirectUri = `${publicOrigin(event)}${getLinkPath(providerId)}`;
	const { oauthLink } = event.locals.container.services;
	const begun = await oauthLink.begin(auth, { redirectUri, providerId }, getClientInfo(event), currentPassword);
	setFlowCookies(event, begun);
	return { url: begun.url };
}

/** Starts a test of the provider with the proposed settings. */
export async function beginTest(event: RequestEvent, auth: Auth, proposed: ProposedGroup) {
	const { providerTest } = event.locals.container.services;
	const redirectUri = `${publicOrigin(event)}${getRedirectPath(proposed.group.providerId ?? firstProviderId)}`;
	const { warning, ...begun } = await providerTest.begin(auth, proposed, redirectUri, getClientInfo(event));
	setFlowCookies(event, begun);
	return { testUrl: begun.url, testWarning: warning };
}

/** Returns the result of a test, or why it failed. */
export async function finishTest(
	event: RequestEvent,
	auth: Auth
): Promise<{ result: OAuthTestResult } | { refusal: Refusal }> {
	const dto = withFlowCookies(event, { url: arrivedAt(event) });
	clearFlowCookies(event);
	try {
		return { result: await event.locals.container.services.providerTest.finish(auth, dto, getClientInfo(event)) };
	} catch (thrown) {
		const refusal = toRefusal(event, thrown);
		const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
		return { refusal: cause instanceof ProviderFailure ? { ...refusal, message: cause.fault } : refusal };
	}
}

/** Links the caller with a provider's response, and redirects; otherwise as `finishAtProvider`. */
export async function finishLink(event: RequestEvent, auth: Auth): Promise<Refusal | null> {
	const { url, locals } = event;
	if (!hasComeBack(url, true)) return null;
	const dto = withFlowCookies(event, { url: arrivedAt(event) });
	clearFlowCookies(event);
	try {
		await locals.container.services.oauthLink.link(auth, dto, 'page');
	} catch (thrown) {
		return toRefusal(event, thrown);
	}
	redirect(303, '/account/providers?linked');
}

const isOther = ({ params }: RequestEvent): boolean => params['provider'] !== undefined;

/** The URL of another page with the provider's response, and whose redirect URI received it. */
function forwarded(event: RequestEvent, path: string): string {
	const query = new URLSearchParams(event.url.searchParams);
	query.delete(arrivalParameter);
	if (isOther(event)) query.set(arrivalParameter, event.params['provider'] ?? '');
	return `${path}?${query.toString()}`;
}

/** The URL that received a response before it was forwarded to this page. */
function arrivedAt({ url }: RequestEvent): string {
	const providerId = url.searchParams.get(arrivalParameter) ?? firstProviderId;
	return `${url.origin}${getRedirectPath(providerId)}${url.search}`;
}

/** As in Immich, a code or an error is enough, but a signed-in user isn't bothered with one without state. */
const hasComeBack = ({ searchParams }: URL, isSignedIn: boolean): boolean =>
	(searchParams.has('code') || searchParams.has('error')) && (searchParams.has('state') || !isSignedIn);

const unusable = 'Sign-in with the provider failed. Please try again.';
const denied = 'Sign-in was cancelled or denied by the provider. Try again or sign in another way.';

/** Logs the reason, and returns only what a page may show. */
function toRefusal({ locals, url }: RequestEvent, thrown: unknown): Refusal {
	const { status, details, cause, message } = toAppError(thrown, 'finishOAuth');
	const { correlationId, container } = locals;
	const reason = cause instanceof Error ? { name: cause.name, message: cause.message } : message;
	if (status >= 500) container.log.error({ correlationId, reason }, message);
	else container.log.info({ correlationId, reason }, 'No user was signed in or linked');
	const isDenied = url.searchParams.get('error') === 'access_denied';
	return { message: isDenied ? denied : (details.shown ?? wordsFor(cause)), correlationId };
}

function wordsFor(cause: unknown): string {
	if (cause instanceof FlowFailure) return signInBegunElsewhere;
	return cause instanceof ProviderFailure && cause.isDenied ? denied : unusable;
}
