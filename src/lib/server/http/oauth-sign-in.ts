import { isRedirect, redirect, type RequestEvent } from '@sveltejs/kit';
import { firstProviderId } from '#lib/contract/oauth.ts';
import type { OAuthTry } from '#lib/contract/oauth.ts';
import type { Auth } from '../auth/auth.ts';
import { senderOf } from '../auth/request-site.ts';
import { signInBegunElsewhere } from '../errors.ts';
import { FlowFailure } from '../oauth/flow-failure.ts';
import { ProviderFailure } from '../oauth/provider-failure.ts';
import type { ProposedGroup } from '../services/settings-group.service.ts';
import { originOfBrowser, setBrowserCookie } from './browser-cookie.ts';
import { setSessionCookies } from './cookies.ts';
import { safePath } from './next.ts';
import { clearFlowCookies, setFlowCookies, withFlowCookies } from './oauth-cookies.ts';
import { originOf } from './origin.ts';
import { publicOrigin } from './public-origin.ts';
import { toAppError } from './wire.ts';

/** Why nobody got in, in words for a page. */
interface Refusal {
	readonly message: string;
	readonly correlationId: string;
}

const loginPath = '/auth/login';
/** Immich's, so that what is registered at the provider for it is right here too. */
const linkPath = '/user-settings';
const tryPath = '/admin/settings/oauth/try';
/** Where a browser goes on after it has come back; held by the browser, because the provider knows one address only. */
const continueCookie = 'immich_auth_continue';
const continueSeconds = 10 * 60;

/** The provider that the page’s address asks for; the first where the page is skipped, unless somebody has just signed out. */
function wantedProvider({ url, locals, request }: RequestEvent): string | null {
	if (request.method !== 'GET') return null;
	const named = url.searchParams.get('provider');
	// Another site must not choose the account that its visitor is signed in to.
	if (named !== null) return senderOf(request.headers, url.origin) === 'foreign' ? null : named;
	const { enabled, autoLaunch } = locals.container.settings.current.system.oauth;
	const isEscaped = url.searchParams.has('autoLaunch') || url.searchParams.has('error');
	return enabled && autoLaunch && !isEscaped ? firstProviderId : null;
}

/**
 * Leads the browser to the provider that is asked for, and from there back to the login page; gives the reason where that
 * cannot be, and null where none is asked for. A link leads here, because a form may lead to no other site.
 */
export async function tryProvider(event: RequestEvent): Promise<Refusal | null> {
	const providerId = wantedProvider(event);
	if (providerId === null) return null;
	try {
		const redirectUri = `${publicOrigin(event)}${loginPath}`;
		const begun = await event.locals.container.services.oauthFlows.begin({ redirectUri, providerId }, originOf(event));
		setFlowCookies(event, begun);
		event.cookies.set(continueCookie, safePath(event.url.searchParams.get('continue')), {
			path: loginPath,
			maxAge: continueSeconds,
			httpOnly: true,
			sameSite: 'lax',
			secure: event.url.protocol === 'https:'
		});
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
	if (!hasComeBack(url) || request.method !== 'GET') return null;
	const next = safePath(cookies.get(continueCookie) ?? null);
	const previous = locals.auth;
	const dto = withFlowCookies(event, { url: url.href });
	// The provider knows this address only; what an administrator tries is shown elsewhere.
	if ((await services.oauthFlows.kindOf(dto)) === 'try') redirect(303, `${tryPath}${url.search}`);
	try {
		const origin = originOfBrowser(event);
		const login = await services.oauth.signIn(dto, origin);
		// The browser's cookie is about to be replaced, and the session it leads to with it (ASVS 7.2.4).
		if (previous?.credential.kind === 'session') await services.auth.logout(previous);
		setSessionCookies(event, login.accessToken, 'oauth');
		setBrowserCookie(event, origin);
	} catch (thrown) {
		clearFlowCookies(event);
		return refusalOf(event, thrown);
	}
	clearFlowCookies(event);
	cookies.delete(continueCookie, { path: loginPath });
	redirect(303, next);
}

/** Begins to link one's own account, and gives the provider's address; a page asks for it by a form, never by a link alone. */
export async function beginLink(event: RequestEvent, auth: Auth, providerId: string): Promise<{ url: string }> {
	const redirectUri = `${publicOrigin(event)}${linkPath}`;
	const { oauthFlows } = event.locals.container.services;
	const begun = await oauthFlows.begin({ redirectUri, providerId }, originOf(event), auth.user.id);
	setFlowCookies(event, begun);
	return { url: begun.url };
}

/** Begins to try the provider as its settings would be. */
export async function beginTry(event: RequestEvent, auth: Auth, proposed: ProposedGroup): Promise<string> {
	const { oauthTries } = event.locals.container.services;
	const begun = await oauthTries.begin(auth, proposed, `${publicOrigin(event)}${loginPath}`, originOf(event));
	setFlowCookies(event, begun);
	return begun.url;
}

/** Shows what came of a try, or why nothing did. */
export async function finishTry(event: RequestEvent, auth: Auth): Promise<{ tried: OAuthTry } | { refusal: Refusal }> {
	const dto = withFlowCookies(event, { url: event.url.href });
	clearFlowCookies(event);
	try {
		return { tried: await event.locals.container.services.oauthTries.finish(auth, dto, originOf(event)) };
	} catch (thrown) {
		return { refusal: refusalOf(event, thrown) };
	}
}

/** Links where the browser has come back from a provider, and leads on; otherwise as `finishAtProvider`. */
export async function finishLink(event: RequestEvent, auth: Auth): Promise<Refusal | null> {
	const { url, locals } = event;
	if (!hasComeBack(url)) return null;
	const dto = withFlowCookies(event, { url: url.href });
	clearFlowCookies(event);
	try {
		await locals.container.services.oauthLinks.link(auth, dto, 'page');
	} catch (thrown) {
		return refusalOf(event, thrown);
	}
	redirect(303, '/account/providers?linked');
}

const hasComeBack = ({ searchParams }: URL): boolean =>
	searchParams.has('state') && (searchParams.has('code') || searchParams.has('error'));

const unusable = 'The provider’s answer could not be used. Begin again.';
const denied =
	'You have not agreed at the provider, or it does not let you in. Begin again, or sign in in another way.';

/** Tells the log the reason, and the page what may be told. */
function refusalOf({ locals }: RequestEvent, thrown: unknown): Refusal {
	const { status, details, cause, message } = toAppError(thrown, 'finishOAuth');
	const { correlationId, container } = locals;
	const reason = cause instanceof Error ? { name: cause.name, message: cause.message } : message;
	if (status >= 500) container.log.error({ correlationId, reason }, message);
	else container.log.info({ correlationId, reason }, 'Nobody was signed in or linked');
	return { message: details.shown ?? wordsFor(cause), correlationId };
}

function wordsFor(cause: unknown): string {
	if (cause instanceof FlowFailure) return signInBegunElsewhere;
	return cause instanceof ProviderFailure && cause.isDenied ? denied : unusable;
}
