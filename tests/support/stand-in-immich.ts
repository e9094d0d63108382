import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { parseCookie } from 'cookie';
import type { Pool } from 'pg';
import { Server } from 'socket.io';

/** A request as the stand-in has received it. */
export interface Received {
	readonly method: string;
	readonly url: string;
	readonly rawHeaders: readonly string[];
	/** The bytes of its body so far. */
	bytes: number;
	/** Whether the connection ended before the body. */
	isAborted: boolean;
}

const mebibyte = Buffer.alloc(1_048_576, 'immich');
/** The size of `/api/assets/<id>/original`; `?mib=` asks for another one. */
const originalMiB = 4;

/**
 * Stands in for an Immich behind our server: it looks up sessions and keys in the shared database as Immich does, accepts uploads,
 * serves parts of files, speaks socket.io, and misbehaves on request.
 */
export class StandInImmich {
	readonly seen: Received[] = [];
	readonly #server = createServer((request, response) => {
		this.#answer(request, response).catch(() => response.destroy());
	});
	readonly #io = new Server({ path: '/api/socket.io', serveClient: false });
	readonly #sockets = new Set<Socket>();
	readonly #acceptsAll: boolean;
	#pool: Pool | null = null;

	/** @param options with `acceptsAll`, it has no database and takes every credential for a good one */
	constructor(options: { readonly acceptsAll?: true } = {}) {
		this.#acceptsAll = options.acceptsAll === true;
		this.#server.on('connection', (socket) => {
			this.#sockets.add(socket);
			socket.once('close', () => this.#sockets.delete(socket));
		});
		this.#io.attach(this.#server);
		this.#io.use((socket, next) => {
			this.#findUser(socket.request, new URLSearchParams()).then(
				(userId) => next(userId === null ? new Error('unauthorized') : undefined),
				(error: unknown) => next(error instanceof Error ? error : new Error('failed'))
			);
		});
		this.#io.on('connection', (socket) => {
			socket.emit('on_server_version', { major: 3, minor: 0, patch: 3 });
			socket.on('ping_me', (text: unknown) => void socket.emit('pong_you', text));
		});
	}

	/** Listens on a free port, or on the one it had before. */
	async start(port = 0): Promise<this> {
		this.#server.listen(port, '127.0.0.1');
		await once(this.#server, 'listening');
		return this;
	}

	/** The database that it shares with our server. */
	share(pool: Pool): Promise<void> {
		this.#pool = pool;
		return Promise.resolve();
	}

	get url(): string {
		return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	/** Open connections to it. */
	get connections(): number {
		return this.#sockets.size;
	}

	/** The requests since the last call. */
	take(): Received[] {
		return this.seen.splice(0);
	}

	/** Stops listening, and ends all connections. */
	async stop(): Promise<void> {
		const closed = once(this.#server, 'close');
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
		await closed;
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { method = '', url = '', rawHeaders } = request;
		const received: Received = { method, url, rawHeaders, bytes: 0, isAborted: false };
		this.seen.push(received);
		request.on('close', () => (received.isAborted = !request.complete));
		const { pathname, searchParams } = new URL(url, 'http://immich.invalid');
		if (!/^\/api\//i.test(pathname)) return sendText(response, 'Immich page', 'text/html');
		if (pathname === '/api/server/version') return sendJson(response, { major: 3, minor: 0, patch: 3 });
		const userId = await this.#findUser(request, searchParams);
		if (userId === null) return sendJson(response, { message: 'Authentication required' }, 401);
		if (pathname.startsWith('/api/faults/')) return misbehave(pathname.split('/')[3] ?? '', request, response);
		if (pathname.endsWith('/original'))
			return sendOriginal(request, response, Number(searchParams.get('mib') ?? originalMiB));
		const hash = this.#acceptsAll ? null : createHash('sha256');
		for await (const chunk of request as AsyncIterable<Buffer>) {
			received.bytes += chunk.length;
			hash?.update(chunk);
		}
		sendJson(
			response,
			{ userId, url, bytes: received.bytes, sha256: hash?.digest('hex') },
			method === 'POST' ? 201 : 200
		);
	}

	/** Returns the user of a session or key, or `visitor` for a shared link's key `good`. */
	async #findUser({ headers }: IncomingMessage, query: URLSearchParams): Promise<string | null> {
		if (this.#acceptsAll) return 'anyone';
		const header = (name: string) => [headers[name]].flat()[0];
		const shareKey = header('x-immich-share-key') ?? query.get('key');
		if (shareKey) return shareKey === 'good' ? 'visitor' : null;
		const token =
			header('x-immich-user-token') ??
			header('x-immich-session-token') ??
			query.get('sessionKey') ??
			/^bearer (.*)/i.exec(headers.authorization ?? '')?.[1] ??
			parseCookie(headers.cookie ?? '')['immich_access_token'];
		const sha256 = (secret: string) => createHash('sha256').update(secret).digest();
		const ask = async (sql: string, secret: string) =>
			(await this.#pool?.query<{ userId: string }>(sql, [sha256(secret)]))?.rows[0]?.userId ?? null;
		if (token) return ask('SELECT "userId" FROM "session" WHERE "token" = $1', token);
		const key = header('x-api-key') ?? query.get('apiKey');
		return key ? ask('SELECT "userId" FROM "api_key" WHERE "key" = $1', key) : null;
	}
}

function sendText(response: ServerResponse, text: string, type: string): void {
	response.writeHead(200, { 'content-type': type }).end(text);
}

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendOriginal(request: IncomingMessage, response: ServerResponse, mib: number): void {
	const size = mib * mebibyte.length;
	const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
	const headers = { 'content-type': 'image/jpeg', 'accept-ranges': 'bytes' };
	if (range) {
		const [start, end] = [Number(range[1]), Number(range[2])];
		const part = Buffer.from(
			Array.from({ length: end - start + 1 }, (_, index) => mebibyte[(start + index) % mebibyte.length] ?? 0)
		);
		response.writeHead(206, {
			...headers,
			'content-range': `bytes ${start}-${end}/${size}`,
			'content-length': part.length
		});
		response.end(part);
		return;
	}
	response.writeHead(200, { ...headers, 'content-length': size });
	Readable.from(Array.from({ length: mib }, () => mebibyte)).pipe(response);
}

function misbehave(kind: string, request: IncomingMessage, response: ServerResponse): void {
	const { socket } = request;
	switch (kind) {
		case 'garbage':
			socket.end('this is no HTTP\r\n\r\n');
			break;
		case 'headers':
			response.writeHead(200, { 'x-large': 'x'.repeat(60_000) }).end();
			break;
		case 'redirect':
			response.writeHead(302, { location: request.url ?? '' }).end();
			break;
		case 'dying-upload':
			request.once('data', () => socket.destroy());
			break;
		case 'dying-download':
			response.writeHead(200, { 'content-length': 2 * mebibyte.length });
			response.write(mebibyte, () => socket.destroy());
			break;
		case 'refused-upload':
			sendJson(response, { message: 'Too large' }, 413);
			break;
		case 'endless':
			response.writeHead(200, {
				'content-type': 'application/octet-stream',
				connection: 'keep-alive',
				'x-immich-auth-x': '1'
			});
			response.write('first');
			break;
		default:
			// No answer.
			break;
	}
}
