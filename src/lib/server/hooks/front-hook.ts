import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Container } from '#lib/server/app/container.ts';
import type { BuiltRoute, Front } from '#lib/server/app/lifecycle.ts';
import {
	ambiguousRequest,
	areClear,
	connectWebsocket,
	Cut,
	forwardingLoop,
	hasPassed,
	readTarget,
	refuseHandshake,
	toForwardedHeaders,
	upstreamUnreachable,
	type RequestOwner,
	type RequestTarget,
	type Upstream
} from '#lib/server/features/upstream/index.ts';
import type { RequestSource } from '#lib/server/platform/caller/request-site.ts';
import { immichEventsPath } from '#lib/contract/realtime/live-events.ts';
import { AppError, inMaintenance, notFound } from '#lib/server/platform/errors.ts';
import { errorPage } from '#lib/server/platform/http/error-page.ts';
import { toAppError, toErrorResponse } from '#lib/server/platform/http/error-response.ts';
import { toLoggedPath } from '#lib/server/platform/http/logged-path.ts';
import { securityHeaders } from '#lib/server/platform/http/security-headers.ts';
import { judge } from './front-judge.ts';
import { findServer } from './front-split.ts';

interface Host {
	readonly server: Server;
	readonly routes: readonly BuiltRoute[];
	readonly getSource: (request: IncomingMessage) => RequestSource;
}

/**
 * Puts this server in front of an Immich: requests that no operation and no page of ours serves are judged as by the auth
 * hook, then forwarded. In maintenance, everything is ours. Null without an Immich.
 */
export function createFront(container: Container, { server, routes, getSource }: Host): Front | null {
	const { upstream } = container;
	if (!upstream) return null;
	server.on('upgrade', (request: IncomingMessage, socket: Parameters<typeof refuseHandshake>[0], head: Buffer) => {
		// The console's own events.
		if (request.url?.startsWith(`${container.eventsPath}/`)) return;
		socket.on('error', () => socket.destroy());
		upgrade(container, upstream, { request, socket, head }, getSource(request)).catch((thrown: unknown) => {
			const { status, message } = toAppError(thrown, null);
			refuseHandshake(socket, status, message);
		});
	});
	return {
		take(request, response) {
			if (container.maintenance.isOn) return false;
			const target = areClear(request.rawHeaders) ? readTarget(request.url ?? '') : null;
			if (!target) {
				void send(response, toErrorResponse(ambiguousRequest()));
				return true;
			}
			const found = findServer(request.method ?? '', target, routes);
			if (found.by === 'us') return false;
			if (found.by === 'redirect') {
				response.writeHead(303, { ...securityHeaders, location: found.location, 'cache-control': 'no-store' }).end();
				return true;
			}
			forward(container, upstream, { request, response, target, isPublic: found.isPublic }, getSource(request)).catch(
				(thrown: unknown) => refuse(container, request, response, toAppError(thrown, null), target)
			);
			return true;
		}
	};
}

interface Taken {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly target: RequestTarget;
	readonly isPublic: boolean;
}

async function forward(
	container: Container,
	upstream: Upstream,
	{ request, response, target, isPublic }: Taken,
	source: RequestSource
): Promise<void> {
	const startedAtMs = performance.now();
	const { forwarder, open, pseudonym } = upstream;
	if (hasPassed(request.rawHeaders, pseudonym)) throw forwardingLoop();
	const cut = new Cut();
	const close = await admit(
		container,
		open,
		() => cut.now(),
		() => (isPublic ? null : judge(container, { request, source, query: target.query, isWebsocket: false }))
	);
	try {
		const headers = toForwardedHeaders(request.rawHeaders, source, pseudonym);
		await forwarder.forward({ request, response, target: request.url ?? '', headers }, cut);
	} finally {
		close();
		const seconds = (performance.now() - startedAtMs) / 1_000;
		container.metrics.observeRequest(request.method ?? '', '(upstream)', response.statusCode, seconds);
	}
}

/** Judges a request and adds it to the open ones, so that no change in between is missed. Returns what removes it. */
async function admit(
	container: Container,
	open: Upstream['open'],
	cut: () => void,
	check: () => RequestOwner | null | Promise<RequestOwner | null>
): Promise<() => void> {
	for (;;) {
		const { changeCount } = open;
		const owner = await check();
		if (owner && open.changeCount !== changeCount) continue;
		// It may have begun while the credential was read.
		if (container.maintenance.isOn) throw inMaintenance();
		return open.add({ owner, cut });
	}
}

async function upgrade(
	container: Container,
	upstream: Upstream,
	handshake: Parameters<typeof connectWebsocket>[1],
	source: RequestSource
): Promise<void> {
	const { request, socket } = handshake;
	if (container.maintenance.isOn) throw inMaintenance();
	const target = areClear(request.rawHeaders) ? readTarget(request.url ?? '') : null;
	if (!target) throw ambiguousRequest();
	if (!target.isApi || target.path.toLowerCase().replace(/\/$/, '') !== immichEventsPath) throw notFound('Not Found');
	if (hasPassed(request.rawHeaders, upstream.pseudonym)) throw forwardingLoop();
	let cut = (): void => {
		socket.destroy();
	};
	const remove = await admit(
		container,
		upstream.open,
		() => cut(),
		() => judge(container, { request, source, query: target.query, isWebsocket: true })
	);
	if (socket.destroyed) {
		remove();
		return;
	}
	const headers = toForwardedHeaders(request.rawHeaders, source, upstream.pseudonym);
	cut = connectWebsocket(upstream.origin, handshake, headers, (failure) => {
		remove();
		if (failure) refuseHandshake(socket, 502, upstreamUnreachable(failure).message);
	});
}

async function refuse(
	{ log }: Container,
	request: IncomingMessage,
	response: ServerResponse,
	error: AppError,
	{ path, isApi }: RequestTarget
): Promise<void> {
	const correlationId = randomUUID();
	const level = error.status >= 500 ? 'warn' : 'debug';
	log[level](
		{ correlationId, status: error.status, path: toLoggedPath(path), error: error.cause ?? error.message },
		'Not forwarded'
	);
	if (response.headersSent || response.destroyed) {
		response.destroy();
		return;
	}
	const isPage = !isApi && (request.headers.accept ?? '').includes('text/html');
	await send(response, isPage ? errorPage(error, correlationId) : toErrorResponse(error), {
		'x-correlation-id': correlationId,
		...(error.details.retryAfterSeconds !== undefined && { 'retry-after': String(error.details.retryAfterSeconds) })
	});
}

async function send(response: ServerResponse, answer: Response, more: Record<string, string> = {}): Promise<void> {
	const body = Buffer.from(await answer.arrayBuffer());
	response.writeHead(answer.status, {
		...securityHeaders,
		'cache-control': 'no-store',
		...Object.fromEntries(answer.headers),
		...more,
		'content-length': String(body.length)
	});
	response.end(response.req.method === 'HEAD' ? undefined : body);
}
