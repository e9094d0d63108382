import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readEnv } from '#lib/server/platform/config/env.ts';
import { ownVariables } from '#lib/server/platform/config/own-variables.ts';
import { createLog } from '#lib/server/platform/log.ts';
import { lifecycle } from '#lib/server/app/lifecycle.ts';
import { canonicalApiPath } from '#lib/server/platform/http/api-path.ts';
import { attachDisconnectSignal } from '#lib/server/platform/http/client-info.ts';
import { securityHeaders } from '#lib/server/platform/http/security-headers.ts';
import { compress } from './compress.ts';
import { markDirect } from './direct-request.ts';
import { discardRest } from './discard-rest.ts';
import type { Exit } from './exit.ts';
import { HttpServer } from './http-server.ts';
import { readListenOptions } from './listen-options.ts';
import { createOrigin, foreignOriginVariables, originHeaders, readRequestSource } from './request-origin.ts';
import { explain } from './startup-failure.ts';
import { createUntrustedReport } from './untrusted-report.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

const say = (line: string) => process.stdout.write(`${line}\n`);
const stopNeedsMs = 500;

/** Responds while the application is still starting. */
const notReady: Handler = (_, response) => {
	response.writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '2' });
	response.end(JSON.stringify({ message: 'The server is starting' }));
};

/**
 * Starts the server.
 * @throws {Error} if it can't start; its one line names the problem and the remedy
 */
export async function serve(exit: Exit): Promise<void> {
	try {
		await start(exit);
	} catch (error) {
		throw new Error(`immich-auth cannot start. ${explain(error)}`, { cause: error });
	}
}

async function start(exit: Exit): Promise<void> {
	const startedAt = performance.now();
	for (const name of ownVariables(process.env).ignored)
		say(`${name} is ignored: it holds the address of a service, as Kubernetes sets it, and no setting of immich-auth.`);
	const { host, port } = readListenOptions(process.env);
	const { trustedProxies, logLevel } = readEnv(process.env);
	const markOrigin = createOriginReader(trustedProxies);
	const reportUntrusted = createUntrustedReport(trustedProxies, createLog(logLevel));
	let handler: Handler = notReady;
	const http = new HttpServer((request, response) => {
		attachDisconnectSignal(request, response);
		markDirect(request);
		markOrigin(request);
		reportUntrusted(request);
		discardRest(request, response);
		for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
		request.url = canonicalApiPath(request.url ?? '/');
		compress(request, response, () => handler(request, response, () => response.writeHead(404).end()));
	});

	// The port is bound first, so that a second start fails immediately and touches no data.
	const listening = await http.listen(host, port);
	lifecycle.listen(say);
	Object.assign(process.env, originHeaders, {
		BODY_SIZE_LIMIT: 'Infinity',
		NODE_ENV: process.env['NODE_ENV'] ?? 'production'
	});
	for (const name of foreignOriginVariables) Reflect.deleteProperty(process.env, name);
	const built: unknown = await import(pathToFileURL(path.resolve('build/handler.js')).href);
	handler = getHandler(built);
	lifecycle.resources.add('requests', () => http.stop(), stopNeedsMs);
	exit.onHurry(() => http.cut());
	// The headers must be set before the websocket listener reads them.
	http.server.on('upgrade', markOrigin);
	const detach = lifecycle.application()?.attach(http.server, readRequestSource);
	if (detach) lifecycle.resources.add('websockets', detach);
	const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
	say(`immich-auth is ready after ${seconds} s: http://localhost:${String(listening)}`);
}

function createOriginReader(trustedProxies: readonly string[]): ReturnType<typeof createOrigin> {
	try {
		return createOrigin(trustedProxies);
	} catch (cause) {
		throw new Error(`IMMICH_TRUSTED_PROXIES: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
	}
}

function getHandler(built: unknown): Handler {
	if (typeof built === 'object' && built !== null && 'handler' in built && typeof built.handler === 'function')
		return built.handler as Handler; // adapter-node's own export, which has no types.
	throw new Error('build/handler.js has no handler. Run npm run build.');
}
