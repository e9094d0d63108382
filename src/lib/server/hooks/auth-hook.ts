import { json, redirect, type Handle, type RequestEvent } from '@sveltejs/kit';
import { operations } from '#lib/contract/index.ts';
import type { Operation } from '#lib/contract/operation.ts';
import { servedByUpstream } from '#lib/server/features/upstream/index.ts';
import { authorize } from '#lib/server/platform/caller/authorize.ts';
import { isAmbient, mustChangePassword, type Auth } from '#lib/server/platform/caller/caller.ts';
import { classifySender, isEmbeddedElsewhere } from '#lib/server/platform/caller/request-site.ts';
import {
	AppError,
	crossSiteRequest,
	inMaintenance,
	notFound,
	passwordChangeRequired
} from '#lib/server/platform/errors.ts';
import { errorPage } from '#lib/server/platform/http/error-page.ts';
import { crossSiteDetails } from './cross-site.ts';
import { findRequestedOperation, isApi, type RequestedOperation } from '#lib/server/platform/http/route-operation.ts';
import { toLoggedPath } from '#lib/server/platform/http/logged-path.ts';
import { pathBack } from '#lib/server/platform/http/redirects.ts';
import { toAppError, toErrorResponse } from '#lib/server/platform/http/error-response.ts';
import { getClientInfo } from '#lib/server/platform/http/client-info.ts';

/** Identifies the caller and decides what is reachable; normal and maintenance mode differ only here. */
export interface Guard {
	/**
	 * Returns the caller; null without a credential.
	 * @throws {AppError} 401 for a bad credential
	 */
	authenticate(event: RequestEvent): Promise<Auth | null>;
	/** Whether an operation or page is reachable; null stands for an unknown one. */
	admits(requested: RequestedOperation | null): boolean;
}

export const changePasswordPath = '/auth/change-password';
const maintenancePath = '/maintenance';

/** The auth hook: finds the operation or page, authenticates the caller, checks access, then runs the route. */
export const createAuthHook =
	(guard: () => Guard): Handle =>
	async ({ event, resolve }) => {
		const requested = findRequestedOperation(event);
		const inForce = guard();
		// For an unknown page nothing runs but the 404 page.
		if (!requested && !isApi(event) && event.route.id === null && inForce.admits(null)) return resolve(event);
		try {
			await admit(event, requested, inForce);
		} catch (thrown) {
			return answerRefusal(event, toAppError(thrown, event.locals.operation));
		}
		return resolve(event);
	};

async function admit(event: RequestEvent, requested: RequestedOperation | null, guard: Guard): Promise<void> {
	if (!guard.admits(requested)) throw inMaintenance();
	if (!requested) throw notFound(`Cannot ${event.request.method} ${toLoggedPath(event.url.pathname)}`);
	event.locals.operation = requested.operation;
	if (!isOurs(event, requested)) throw servedByUpstream();
	const check = () => checkAccess(event, requested, guard);
	noteUse(event, await check());
	event.locals.reauthorize = async () => {
		await check();
	};
}

/** In front of an Immich, forms change nothing that is Immich's; its other requests don't come here, except in maintenance. */
function isOurs({ locals: { container } }: RequestEvent, { operation }: RequestedOperation): boolean {
	if (!container.upstream || container.maintenance.isOn || operation === null) return true;
	const { upstream, form }: Operation = operations[operation];
	return upstream === undefined || (upstream === 'rest' && form !== undefined);
}

/** Returns the permissions required of an API key. Runs twice if a body is read, since access may be revoked meanwhile. */
async function checkAccess(
	event: RequestEvent,
	requested: RequestedOperation,
	guard: Guard
): Promise<(string | null)[]> {
	const { locals } = event;
	locals.auth = await identify(event, requested, guard);
	refuseForgery(event);
	const requiredPermissions = requested.access.map((access) => authorize(locals.auth, access));
	if (mustChangePassword(locals.auth) && !requested.isOpenWhileMustChange) refuseUntilChanged(event);
	return requiredPermissions;
}

/** Public operations ignore credentials; a public page still identifies a signed-in user. */
async function identify(event: RequestEvent, { access }: RequestedOperation, guard: Guard): Promise<Auth | null> {
	const isPublic = access.every((rule) => 'public' in rule);
	if (isPublic && isApi(event)) return null;
	try {
		return await guard.authenticate(event);
	} catch (thrown) {
		if (isPublic && thrown instanceof AppError && thrown.status === 401) return null;
		throw thrown;
	}
}

/** Records the permissions an API key used; written later, so that the request doesn't wait. */
function noteUse(
	{ locals, request, getClientAddress }: RequestEvent,
	requiredPermissions: readonly (string | null)[]
): void {
	const credential = locals.auth?.credential;
	if (credential?.kind !== 'apiKey') return;
	locals.container.keyUsage.note(credential.keyId, requiredPermissions, {
		address: getClientAddress(),
		userAgent: request.headers.get('user-agent') ?? ''
	});
}

/** The console always enforces the change; for the API it is a setting, for old apps. */
function refuseUntilChanged(event: RequestEvent): void {
	const { passwords } = event.locals.container.settings.current.immichAuth;
	if (!isApi(event) || passwords.enforceChange) throw passwordChangeRequired();
}

/**
 * Refuses requests that another site can make a browser send, with whatever credential: a cookie, one in the query, or
 * none, to sign its user in as someone else or to set up a fresh server. A credential in a header can't be forged.
 */
function refuseForgery(event: RequestEvent): void {
	const { request, url, locals } = event;
	if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) {
		// Some pages act when opened, such as those a provider redirects to: they must be opened, never embedded.
		if (!isApi(event) && isEmbeddedElsewhere(request.headers, url.origin)) throw crossSiteRequest();
		return;
	}
	if (locals.auth && !isAmbient(locals.auth)) return;
	const sender = classifySender(request.headers, url.origin);
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
			path: toLoggedPath(url.pathname),
			error: error.cause ?? error.message
		},
		'Request refused'
	);
	if (isApi(event)) return toErrorResponse(error);
	// A submitted form keeps its input: it gets an error, and can be sent again after maintenance.
	if (isMaintenance && event.request.method === 'GET') return redirectTo(event, pathBack(maintenancePath, url));
	if (error.status === 401) return redirectTo(event, pathBack('/auth/login', url));
	if (error.message === passwordChangeRequired().message) return redirectTo(event, changePasswordPath);
	// Handled here, before resolve: if a layout threw, the page's own load would run as well. Returned, not thrown, so that it
	// gets the headers of every response.
	return wantsData(event)
		? json({ message: error.message, correlationId: locals.correlationId }, { status: error.status })
		: errorPage(error, locals.correlationId);
}

/** Redirects the browser; SvelteKit's data requests need a redirect in their own format. */
const redirectTo = (event: RequestEvent, location: string): Response =>
	wantsData(event) ? redirect(303, location) : new Response(null, { status: 303, headers: { location } });

/** SvelteKit's script requests data or submits a form; it expects every response, including errors, in its own format. */
const wantsData = (event: RequestEvent): boolean =>
	event.isDataRequest || event.request.headers.has('x-sveltekit-action');

/** The guard of normal mode: everything in the contract is reachable. */
export const normalGuard: Guard = {
	admits: () => true,
	authenticate: async (event) => {
		const { request, url, locals } = event;
		// Any site can create a link to a page, so credentials in the query would let that site sign the user in as someone else.
		const query = isApi(event) ? url.searchParams : new URLSearchParams();
		const source = { headers: request.headers, query };
		const clientInfo = getClientInfo(event);
		const identity = await locals.container.authenticator.authenticate(source, clientInfo);
		return identity && { ...identity, clientInfo };
	}
};
