import { isRedirect, redirect, type RequestEvent } from '@sveltejs/kit';
import { firstProviderId, linkPathOf, redirectPathOf, type OAuthTry } from '#lib/contract/oauth/oauth.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { senderOf } from '#lib/server/platform/caller/request-site.ts';
import { signInBegunElsewhere } from '#lib/server/platform/errors.ts';
import { FlowFailure } from './flow-failure.ts';
import { ProviderFailure } from './provider-failure.ts';
import type { ProposedGroup } from '#lib/server/features/settings/index.ts';
import { originOfBrowser, setBrowserCookie } from '#lib/server/features/sign-in/browser-cookie.http.ts';
import { noteSignIn, setCookie, setSessionCookies } from '#lib/server/platform/http/cookies.ts';
import { safePath } from '#lib/server/platform/http/redirects.ts';
import { clearFlowCookies, setFlowCookies, withFlowCookies } from './oauth-cookies.http.ts';
import { originOf } from '#lib/server/platform/http/client-info.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';
import { toAppError } from '#lib/server/platform/http/error-response.ts';

/** Why nobody got in, in words for a page. */
interface Refusal {
	readonly message: string;
	readonly correlationId: string;
}

const loginPath = '/auth/login';
const linkPath = '/user-settings';
const tryPath = '/admin/settings/oauth/try';
const arrivalParameter = 'provider';
/** Where a browser goes on after it has come back; held by the browser, because the provider knows one address only. */
const continueCookie = 'immich_auth_continue';
const continueSeconds = 10 * 60;

/** Whether to skip the login page, by the parameters of Immich's own: `autoLaunch=1` goes before `autoLaunch=0` and `password=1`. */
function mayLaunch({ searchParams }: URL, autoLaunch: boolean): boolean {
	const has = (name: string, ...values: string[]) => searchParams.getAll(name).some((value) => values.includes(value));
	if (has('autoLaunch', '1')) return true;
	return autoLaunch && !has('autoLaunch', '0') && !has('password', '1', 'true');
}

/** The provider that the page's address asks for; the first one if the login page is skipped. */
function wantedProvider({ url, locals, request }: RequestEvent): string | null {
	if (request.method !== 'GET') return null;
	const named = url.searchParams.get('provider');
	// Another site must not choose the account that its visitor is signed in to.
	if (named !== null) return senderOf(request.headers, url.origin) === 'foreign' ? null : named;
	const { enabled, autoLaunch } = locals.container.settings.current.system.oauth;
	return enabled && mayLaunch(url, autoLaunch) ? firstProviderId : null;
}

/**
 * Leads the browser to the provider that is asked for, and from there back to the login page; gives the reason where that
 * cannot be, and null where none is asked for. A link leads here, because a form may lead to no other site.
 */
export async function tryProvider(event: RequestEvent): Promise<Refusal | null> {
	const providerId = wantedProvider(event);
	if (providerId === null) return null;
	try {
		const redirectUri = `${publicOrigin(event)}${redirectPathOf(providerId)}`;
		const begun = await event.locals.container.services.oauthFlows.begin({ redirectUri, providerId }, originOf(event));
		setFlowCookies(event, begun);
		const next = safePath(event.url.searchParams.get('continue'));
		setCookie(event, continueCookie, next, { maxAgeSeconds: continueSeconds, path: loginPath });
		redirect(303, begun.url);
	} catch (thrown) {
		if (isRedirect(thrown)) throw thrown;
		return refusalOf(event, thrown);
	}
}

/**
 * Signs in where the browser has come back from a provider, and leads on; gives the reason where that fails, and null where
 * nobody has come back.
 */
export async function finishAtProvider(event: RequestEvent): Promise<Refusal | null> {
	const { url, locals, cookies, request } = event;
	const { services } = locals.container;
	if (!hasComeBack(url, locals.auth !== null) || request.method !== 'GET') return null;
	const next = safePath(cookies.get(continueCookie) ?? null);
	const previous = locals.auth;
	const dto = withFlowCookies(event, { url: url.href });
	// The provider knows this address only. A test is shown elsewhere, and so is linking at a provider other than the first.
	const kind = await services.oauthFlows.kindOf(dto);
	if (kind === 'try') redirect(303, forwarded(event, tryPath));
	if (kind === 'link' && isOther(event)) redirect(303, forwarded(event, linkPath));
	try {
		const origin = originOfBrowser(event);
		const login = await services.oauth.signIn(dto, origin);
		// The browser's cookie is about to be replaced, and the session it leads to with it (ASVS 7.2.4).
		if (previous?.credential.kind === 'session') await services.auth.logout(previous);
		setSessionCookies(event, login.accessToken, 'oauth');
		setBrowserCookie(event, origin);
		noteSignIn(event);
	} catch (thrown) {
		clearFlowCookies(event);
		return refusalOf(event, thrown);
	}
	clearFlowCookies(event);
	cookies.delete(continueCookie, { path: loginPath });
	redirect(303, next);
}

/** Starts linking one's own account, and gives the provider's address; a page asks for it with a form, never with a link alone. */
export async function beginLink(
	event: RequestEvent,
	auth: Auth,
	{ providerId, currentPassword }: { readonly providerId: string; readonly currentPassword?: string | undefined }
): Promise<{ url: string }> {
	const redirectUri = `${publicOrigin(event)}${linkPathOf(providerId)}`;
	const { oauthLinks } = event.locals.container.services;
	const begun = await oauthLinks.begin(auth, { redirectUri, providerId }, originOf(event), currentPassword);
	setFlowCookies(event, begun);
	return { url: begun.url };
}

/** Begins to try the provider as its settings would be. */
export async function beginTry(event: RequestEvent, auth: Auth, proposed: ProposedGroup) {
	const { oauthTries } = event.locals.container.services;
	const redirectUri = `${publicOrigin(event)}${redirectPathOf(proposed.group.providerId ?? firstProviderId)}`;
	const { warning, ...begun } = await oauthTries.begin(auth, proposed, redirectUri, originOf(event));
	setFlowCookies(event, begun);
	return { tryUrl: begun.url, tryWarning: warning };
}

/** Shows what came of a try, or why nothing did. */
export async function finishTry(event: RequestEvent, auth: Auth): Promise<{ tried: OAuthTry } | { refusal: Refusal }> {
	const dto = withFlowCookies(event, { url: arrivedAt(event) });
	clearFlowCookies(event);
	try {
		return { tried: await event.locals.container.services.oauthTries.finish(auth, dto, originOf(event)) };
	} catch (thrown) {
		const refusal = refusalOf(event, thrown);
		const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
		return { refusal: cause instanceof ProviderFailure ? { ...refusal, message: cause.fault } : refusal };
	}
}

/** Links where the browser has come back from a provider, and leads on; otherwise as `finishAtProvider`. */
export async function finishLink(event: RequestEvent, auth: Auth): Promise<Refusal | null> {
	const { url, locals } = event;
	if (!hasComeBack(url, true)) return null;
	const dto = withFlowCookies(event, { url: arrivedAt(event) });
	clearFlowCookies(event);
	try {
		await locals.container.services.oauthLinks.link(auth, dto, 'page');
	} catch (thrown) {
		return refusalOf(event, thrown);
	}
	redirect(303, '/account/providers?linked');
}

const isOther = ({ params }: RequestEvent): boolean => params['provider'] !== undefined;

/** Leads on to another page with the provider's answer, and says whose redirect URI it arrived at. */
function forwarded(event: RequestEvent, path: string): string {
	const query = new URLSearchParams(event.url.searchParams);
	query.delete(arrivalParameter);
	if (isOther(event)) query.set(arrivalParameter, event.params['provider'] ?? '');
	return `${path}?${query.toString()}`;
}

/** The address at which an answer arrived before it was forwarded to this page. */
function arrivedAt({ url }: RequestEvent): string {
	const providerId = url.searchParams.get(arrivalParameter) ?? firstProviderId;
	return `${url.origin}${redirectPathOf(providerId)}${url.search}`;
}

/** As in Immich, a code or an error is enough. Whoever is signed in already is not bothered with one that has no state. */
const hasComeBack = ({ searchParams }: URL, isSignedIn: boolean): boolean =>
	(searchParams.has('code') || searchParams.has('error')) && (searchParams.has('state') || !isSignedIn);

const unusable = 'The provider’s answer could not be used. Begin again.';
const denied =
	'You have not agreed at the provider, or it does not let you in. Begin again, or sign in in another way.';

/** Tells the log the reason, and the page what may be told. */
function refusalOf({ locals, url }: RequestEvent, thrown: unknown): Refusal {
	const { status, details, cause, message } = toAppError(thrown, 'finishOAuth');
	const { correlationId, container } = locals;
	const reason = cause instanceof Error ? { name: cause.name, message: cause.message } : message;
	if (status >= 500) container.log.error({ correlationId, reason }, message);
	else container.log.info({ correlationId, reason }, 'Nobody was signed in or linked');
	const isDenied = url.searchParams.get('error') === 'access_denied';
	return { message: isDenied ? denied : (details.shown ?? wordsFor(cause)), correlationId };
}

function wordsFor(cause: unknown): string {
	if (cause instanceof FlowFailure) return signInBegunElsewhere;
	return cause instanceof ProviderFailure && cause.isDenied ? denied : unusable;
}
