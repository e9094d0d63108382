import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readEnv } from '#lib/server/config/env.ts';
import { createLog } from '#lib/server/log.ts';
import { lifecycle } from '#lib/server/lifecycle.ts';
import { markGone } from '#lib/server/http/gone.ts';
import { securityHeaders } from '#lib/server/http/security-headers.ts';
import { discardRest } from './discard-rest.ts';
import { readListenOptions } from './listen-options.ts';
import { createOrigin, originHeaders, sourceOf } from './request-origin.ts';
import { createUntrustedReport } from './untrusted-report.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Ends the program with one line that says what is wrong and what to do. */
function giveUp(line: string): never {
	process.stderr.write(`immich-auth cannot start. ${line}\n`);
	process.exit(1);
}

/** Answers while the application is still coming up. */
const notReady: Handler = (_, response) => {
	response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '2' });
	response.end(JSON.stringify({ message: 'The server is starting' }));
};

/** Headers that come in by drops are cut off, and looked for this often. */
const headersTimeout = 30_000;
const connectionsCheckingInterval = 5_000;

async function main(): Promise<void> {
	const startedAt = performance.now();
	const { host, port } = readListenOptions(process.env);
	const { trustedProxies, logLevel } = readEnv(process.env);
	const markOrigin = createOrigin(trustedProxies);
	const reportUntrusted = createUntrustedReport(trustedProxies, createLog(logLevel));
	let handler: Handler = notReady;
	const server = createServer({ headersTimeout, connectionsCheckingInterval }, (request, response) => {
		markGone(request, response);
		markOrigin(request);
		reportUntrusted(request);
		discardRest(request, response);
		for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
		handler(request, response, () => response.writeHead(404).end());
	});

	// Longer than proxies keep an idle connection, so that none is cut while they reuse it.
	server.keepAliveTimeout = 75_000;

	// The port is taken first: a second start says so at once, and touches no data.
	await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
	lifecycle.listen(say);
	Object.assign(process.env, originHeaders, {
		BODY_SIZE_LIMIT: 'Infinity',
		NODE_ENV: process.env['NODE_ENV'] ?? 'production'
	});
	const built: unknown = await import(pathToFileURL(path.resolve('build/handler.js')).href);
	handler = handlerOf(built);
	// The headers are marked before the websockets' own listener reads them.
	server.on('upgrade', markOrigin);
	const detach = lifecycle.application()?.attach(server, sourceOf);
	const address = server.address();
	const listening = typeof address === 'object' && address ? address.port : port;
	const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
	say(`immich-auth is ready after ${seconds} s: http://localhost:${String(listening)}`);

	let isStopping = false;
	const stop = async () => {
		// A second signal means: now.
		if (isStopping) process.exit(1);
		isStopping = true;
		detach?.();
		server.close();
		server.closeIdleConnections();
		const answered = setTimeout(() => server.closeAllConnections(), 5_000);
		answered.unref();
		await new Promise((resolve) => server.once('close', resolve));
		await lifecycle.application()?.stop();
		process.exit(0);
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
}

function handlerOf(built: unknown): Handler {
	if (typeof built === 'object' && built !== null && 'handler' in built && typeof built.handler === 'function')
		return built.handler as Handler; // adapter-node's own export, which has no types.
	throw new Error('build/handler.js has no handler. Run npm run build.');
}

/** Puts a failed start into one line. */
function explain(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const code = 'code' in error ? error.code : undefined;
	const port = 'port' in error ? String(error.port) : '';
	if (code === 'EADDRINUSE')
		return `Port ${port} is taken by another program. Stop that one, or choose another port with IMMICH_PORT.`;
	if (code === 'EACCES' && port)
		return `Port ${port} is not allowed to this user. Choose one above 1024 with IMMICH_PORT.`;
	if (code === 'ERR_MODULE_NOT_FOUND' && error.message.includes('build/handler.js'))
		return 'It is not built yet. Run npm start.';
	return error.message;
}

main().catch((error: unknown) => giveUp(explain(error)));
