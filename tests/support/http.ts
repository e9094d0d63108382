import http from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** The optional parts of a request. */
export interface Sent {
	/** An access token, sent as a bearer token. */
	readonly token?: string;
	readonly apiKey?: string;
	/** The whole Cookie header. */
	readonly cookie?: string;
	/** Sent as JSON. */
	readonly body?: unknown;
	/** Sent as is; chunked if given in pieces. */
	readonly raw?: string | Buffer | readonly string[];
	/** Sent as a browser sends a form. */
	readonly form?: Readonly<Record<string, string>>;
	readonly headers?: Readonly<Record<string, string | string[]>>;
}

export interface Reply {
	readonly status: number;
	readonly headers: http.IncomingHttpHeaders;
	/** The Set-Cookie headers, in order. */
	readonly cookies: readonly string[];
	readonly text: string;
	readonly bytes: Buffer;
	/** The parsed JSON, or the text if it is not JSON or is compressed. */
	readonly body: unknown;
}

export type Send = (method: string, path: string, sent?: Sent) => Promise<Reply>;

const idleMs = 2_000;

/** Returns a function that sends requests and, unlike fetch, sets no headers of its own, not even the host. */
export function createSender(baseUrl: string, peerHost = '127.0.0.1'): { send: Send; close: () => void } {
	const { port } = new URL(baseUrl);
	// Idle connections close here before the server closes them: if both raced, a request would fail.
	const agent = new http.Agent({ keepAlive: true, timeout: idleMs });
	const send: Send = async (method, path, sent = {}) => {
		const { payload, type } = buildPayload(sent);
		const headers: Record<string, string | string[]> = {
			...(sent.token !== undefined && { authorization: `Bearer ${sent.token}` }),
			...(sent.apiKey !== undefined && { 'x-api-key': sent.apiKey }),
			...(sent.cookie !== undefined && { cookie: sent.cookie }),
			...(type !== undefined && { 'content-type': type }),
			...sent.headers
		};
		if (typeof payload === 'string' || Buffer.isBuffer(payload))
			headers['content-length'] ??= String(Buffer.byteLength(payload));
		const request = http.request({ host: peerHost, port, method, path, headers, agent });
		const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
			request.once('response', resolve).once('error', reject);
			if (payload instanceof Readable) payload.pipe(request);
			else request.end(payload);
		});
		const bytes = await buffer(response);
		const text = bytes.toString();
		return {
			status: response.statusCode ?? 0,
			headers: response.headers,
			cookies: response.headers['set-cookie'] ?? [],
			text,
			bytes,
			body: response.headers['content-encoding'] ? text : parseBody(text, response.headers['content-type'])
		};
	};
	return { send, close: () => agent.destroy() };
}

function buildPayload({ body, raw, form }: Sent): { payload?: string | Buffer | Readable; type?: string } {
	if (form) return { payload: new URLSearchParams({ ...form }).toString(), type: 'application/x-www-form-urlencoded' };
	const type = 'application/json';
	if (body !== undefined) return { payload: JSON.stringify(body), type };
	if (raw === undefined) return {};
	return { payload: typeof raw === 'string' || Buffer.isBuffer(raw) ? raw : Readable.from(raw), type };
}

function parseBody(text: string, type: string | undefined): unknown {
	return type?.includes('json') && text !== '' ? JSON.parse(text) : text;
}
