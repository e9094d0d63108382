import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import { toReturnedHeaders } from './forwarded-headers.ts';

const handshakeMs = 10_000;

/** A websocket's handshake, as Node's server passes it on. */
export interface Handshake {
	readonly request: IncomingMessage;
	readonly socket: Duplex;
	/** What the client has already sent after the handshake. */
	readonly head: Buffer;
}

const writeHead = (status: number, text: string, headers: readonly string[]): string => {
	const lines = [`HTTP/1.1 ${String(status)} ${text}`];
	for (let index = 0; index < headers.length; index += 2)
		lines.push(`${headers[index] ?? ''}: ${headers[index + 1] ?? ''}`);
	return `${lines.join('\r\n')}\r\n\r\n`;
};

/** Refuses a handshake. */
export function refuseHandshake(socket: Duplex, status: number, message: string): void {
	const body = JSON.stringify({ message });
	const headers = [
		'content-type',
		'application/json; charset=utf-8',
		'content-length',
		String(Buffer.byteLength(body))
	];
	socket.end(writeHead(status, message, [...headers, 'connection', 'close']) + body);
}

/**
 * Connects a websocket to Immich.
 * @param headers names and values in turn, without those of the connection
 * @param onClose called once when both sides are closed
 * @returns what closes both sides
 */
export function connectWebsocket(
	origin: string,
	{ request, socket, head }: Handshake,
	headers: readonly string[],
	onClose: (failure: Error | null) => void
): () => void {
	const { protocol, hostname, port } = new URL(origin);
	const send = protocol === 'https:' ? requestHttps : requestHttp;
	const outgoing = send({
		host: hostname.replace(/^\[(.*)\]$/, '$1'),
		port: port || undefined,
		path: request.url,
		method: request.method,
		setHost: false,
		agent: false,
		timeout: handshakeMs,
		headers: [...headers, 'connection', 'Upgrade', 'upgrade', request.headers.upgrade ?? 'websocket']
	});
	let isClosed = false;
	let far: Duplex | null = null;
	const close = (failure: Error | null = null) => {
		if (isClosed) return;
		isClosed = true;
		outgoing.destroy();
		far?.destroy();
		if (!failure) socket.destroy();
		onClose(failure);
	};
	socket.on('error', () => close()).on('close', () => close());
	outgoing.on('timeout', () => close(new Error('No answer to the handshake')));
	outgoing.on('error', (error) => close(far ? null : error));
	outgoing.on('upgrade', (answer, opened, rest) => {
		far = opened;
		opened.on('error', () => close()).on('close', () => close());
		socket.write(
			writeHead(101, 'Switching Protocols', [
				...toReturnedHeaders(answer.rawHeaders),
				'connection',
				'Upgrade',
				'upgrade',
				'websocket'
			])
		);
		if (rest.length > 0) socket.write(rest);
		if (head.length > 0) opened.write(head);
		opened.pipe(socket).pipe(opened);
	});
	outgoing.on('response', (answer) => {
		socket.write(
			writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', [
				...toReturnedHeaders(answer.rawHeaders),
				'connection',
				'close'
			])
		);
		answer.on('close', () => close()).pipe(socket);
	});
	outgoing.end();
	return () => close();
}
