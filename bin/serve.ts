import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readEnv } from '#lib/server/platform/config/env.ts';
import { ownVariables } from '#lib/server/platform/config/own-variables.ts';
import { createLog } from '#lib/server/platform/log.ts';
import { lifecycle, type BuiltRoute } from '#lib/server/app/lifecycle.ts';
import { securityHeaders } from '#lib/server/platform/http/security-headers.ts';
import { createBridge, type Application } from './bridge.ts';
import { discardRest } from './discard-rest.ts';
import type { Exit } from './exit.ts';
import { HttpServer } from './http-server.ts';
import { readListenOptions } from './listen-options.ts';
import { createSourceReader } from './request-source.ts';
import { explain } from './startup-failure.ts';
import { listStaticFiles } from './static-files.ts';
import { createUntrustedReport } from './untrusted-report.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const stopNeedsMs = 500;

/** Responds while the application is still starting. */
const notReady: RequestListener = (_, response) => {
	response.writeHead(503, {
		...securityHeaders,
		'content-type': 'application/json; charset=utf-8',
		'retry-after': '2'
	});
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
	const log = createLog(logLevel);
	const readSource = createReader(trustedProxies, createUntrustedReport(log));
	let listener: RequestListener = notReady;
	const http = new HttpServer((request, response) => {
		discardRest(request, response);
		listener(request, response);
	});

	// The port is bound first, so that a second start fails immediately and touches no data.
	const listening = await http.listen(host, port);
	lifecycle.listen(say);
	process.env['NODE_ENV'] ??= 'production';
	const { handler, server, manifest } = await loadBuild();
	const files = await listStaticFiles(path.resolve('build/client'));
	const bridge = createBridge(server, readSource, log);
	const front = lifecycle.application()?.putInFront(http.server, manifest._.routes, readSource);
	listener = (request, response) => {
		const [file = ''] = (request.url ?? '').split('?', 1);
		if (files.has(file)) serveFile(handler, request, response);
		else if (front?.take(request, response) !== true) bridge(request, response);
	};
	lifecycle.resources.add('requests', () => http.stop(), stopNeedsMs);
	exit.onHurry(() => http.cut());
	const detach = lifecycle.application()?.attach(http.server, readSource);
	if (detach) lifecycle.resources.add('websockets', detach);
	const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
	say(`immich-auth is ready after ${seconds} s: http://localhost:${String(listening)}`);
}

function createReader(
	trustedProxies: readonly string[],
	onIgnored: (peer: string) => void
): ReturnType<typeof createSourceReader> {
	try {
		return createSourceReader(trustedProxies, onIgnored);
	} catch (cause) {
		throw new Error(`IMMICH_TRUSTED_PROXIES: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
	}
}

/** The build's handler of static files, the started application and its routes (svelte.config.js exports these). */
interface Build {
	readonly manifest: { readonly _: { readonly routes: readonly BuiltRoute[] } };
	readonly handler: (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
	readonly server: Application;
}

async function loadBuild(): Promise<Build> {
	const built: unknown = await import(pathToFileURL(path.resolve('build/handler.js')).href);
	if (typeof built === 'object' && built !== null && 'server' in built && 'manifest' in built) return built as Build; // The build has no types.
	throw new Error('build/handler.js is from another version. Run npm run build.');
}

function serveFile(handler: Build['handler'], request: IncomingMessage, response: ServerResponse): void {
	for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
	handler(request, response, () => response.writeHead(404).end());
}
