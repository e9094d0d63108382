import { json, redirect, type Handle, type RequestEvent } from '@sveltejs/kit';
import { authorize } from '#lib/server/platform/caller/authorize.ts';
import { isAmbient, mustChangePassword, type Auth } from '#lib/server/platform/caller/caller.ts';
import { isEmbeddedElsewhere, senderOf } from '#lib/server/platform/caller/request-site.ts';
import {
	AppError,
	crossSiteRequest,
	inMaintenance,
	notFound,
	passwordChangeRequired
} from '#lib/server/platform/errors.ts';
import { errorPage } from '#lib/server/platform/http/error-page.ts';
import { crossSiteDetails } from './cross-site.ts';
import { isApi, whatIsAsked, type Asked } from '#lib/server/platform/http/route-operation.ts';
import { pathBack } from '#lib/server/platform/http/redirects.ts';
import { toAppError, toWire } from '#lib/server/platform/http/error-response.ts';

/** Decides who the caller is and what stays reachable; normal and maintenance mode differ only here. */
export interface Guard {
	/** Throws 401 for a bad credential. */
	authenticate(event: RequestEvent): Promise<Auth | null>;
	/** Whether it stays reachable; what nothing names is null. */
	admits(asked: Asked | null): boolean;
}

export const changePasswordPath = '/auth/change-password';
const maintenancePath = '/maintenance';

/** The single entrance: names what is asked, identifies the caller, checks access, then lets the route run. */
export const createDoor =
	(guard: () => Guard): Handle =>
	async ({ event, resolve }) => {
		const asked = whatIsAsked(event);
		const inForce = guard();
		// Nothing runs there, and nothing is read but the page that says so.
		if (!asked && !isApi(event) && event.route.id === null && inForce.admits(null)) return resolve(event);
		try {
			await admit(event, asked, inForce);
		} catch (thrown) {
			return answerRefusal(event, toAppError(thrown, event.locals.operation));
		}
		return resolve(event);
	};

async function admit(event: RequestEvent, asked: Asked | null, guard: Guard): Promise<void> {
	if (!guard.admits(asked)) throw inMaintenance();
	if (!asked) throw notFound(`Cannot ${event.request.method} ${event.url.pathname}`);
	event.locals.operation = asked.operation;
	const judge = () => judgeCaller(event, asked, guard);
	noteUse(event, await judge());
	event.locals.readmit = async () => {
		await judge();
	};
}

/** Gives what was demanded of an API key. Asked twice where a body is read: whoever sends it late may have been shut out. */
async function judgeCaller(event: RequestEvent, asked: Asked, guard: Guard): Promise<(string | null)[]> {
	const { locals } = event;
	locals.auth = await identify(event, asked, guard);
	refuseForgery(event);
	const demanded = asked.access.map((access) => authorize(locals.auth, access));
	if (mustChangePassword(locals.auth) && !asked.isOpenWhileMustChange) refuseUntilChanged(event);
	return demanded;
}

/** What is public asks for no credential; a public page still greets whom it knows. */
async function identify(event: RequestEvent, { access }: Asked, guard: Guard): Promise<Auth | null> {
	const isPublic = access.every((rule) => 'public' in rule);
	if (isPublic && isApi(event)) return null;
	try {
		return await guard.authenticate(event);
	} catch (thrown) {
		if (isPublic && thrown instanceof AppError && thrown.status === 401) return null;
		throw thrown;
	}
}

/** Takes down what an API key was let in for; it is written later, so that nobody waits for it. */
function noteUse({ locals, request, getClientAddress }: RequestEvent, demanded: readonly (string | null)[]): void {
	const credential = locals.auth?.credential;
	if (credential?.kind !== 'apiKey') return;
	locals.container.keyUsage.note(credential.keyId, demanded, {
		address: getClientAddress(),
		userAgent: request.headers.get('user-agent') ?? ''
	});
}

/** The console insists on the change; for the interface it is a setting, for the sake of old apps. */
function refuseUntilChanged(event: RequestEvent): void {
	const { passwords } = event.locals.container.settings.current.immichAuth;
	if (!isApi(event) || passwords.enforceChange) throw passwordChangeRequired();
}

/**
 * Refuses what another site can make a browser send, whatever credential comes with it: a cookie, one in the query, or none,
 * to sign its reader in as someone else or to set up a fresh server. A credential in a header cannot be forged.
 */
function refuseForgery(event: RequestEvent): void {
	const { request, url, locals } = event;
	if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) {
		// Some pages act when opened, such as those a provider leads back to: they are opened, never embedded.
		if (!isApi(event) && isEmbeddedElsewhere(request.headers, url.origin)) throw crossSiteRequest();
		return;
	}
	if (locals.auth && !isAmbient(locals.auth)) return;
	const sender = senderOf(request.headers, url.origin);
	if (sender === 'own' || (sender === 'unknown' && isApi(event))) return;
	throw crossSiteRequest(crossSiteDetails(event));
}

function answerRefusal(event: RequestEvent, error: AppError): Response {
	const { url, locals } = event;
	const { log } = locals.container;
	const isMaintenance = error.message === inMaintenance().message;
	const level = error.status >= 500 && !isMaintenance ? 'error' : 'debug';
	log[level](
		{
			correlationId: locals.correlationId,
			status: error.status,
			path: url.pathname,
			error: error.cause ?? error.message
		},
		'Request refused'
	);
	if (isApi(event)) return toWire(error);
	// A form that was sent keeps what was typed: it is told, and sent again when it is over.
	if (isMaintenance && event.request.method === 'GET') return lead(event, pathBack(maintenancePath, url));
	if (error.status === 401) return lead(event, pathBack('/auth/login', url));
	if (error.message === passwordChangeRequired().message) return lead(event, changePasswordPath);
	// Answered here, before resolve: a layout that threw would let the page's own load run beside it. Returned, not
	// thrown, so that it carries the headers that every answer has.
	return wantsData(event)
		? json({ message: error.message, correlationId: locals.correlationId }, { status: error.status })
		: errorPage(error, locals.correlationId);
}

/** Leads a reader elsewhere; Kit's own requests for data want a redirect in their own form. */
const lead = (event: RequestEvent, location: string): Response =>
	wantsData(event) ? redirect(303, location) : new Response(null, { status: 303, headers: { location } });

/** Kit's script asks for data or sends a form; it wants its answers, refusals included, in its own form. */
const wantsData = (event: RequestEvent): boolean =>
	event.isDataRequest || event.request.headers.has('x-sveltekit-action');
