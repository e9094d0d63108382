import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { Server } from '@sveltejs/kit';
import { canonicalApiPath } from '#lib/server/platform/http/api-path.ts';
import type { RequestSource } from '#lib/server/platform/caller/request-site.ts';
import { securityHeaders } from '#lib/server/platform/http/security-headers.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { compress, mayCompress } from './compress.ts';

/** What the application learns of a request besides the request itself. */
interface Arrival {
	readonly address: string;
	/** Path and query. */
	readonly target: string;
}

/** The part of SvelteKit's server that responds to requests. */
export type Application = Pick<Server, 'respond'>;

/**
 * Connects Node's server to SvelteKit's: converts requests and responses. Parts of a request that the application doesn't
 * use are never converted.
 */
export function createBridge(
	application: Application,
	readSource: (request: IncomingMessage) => RequestSource,
	log: Pick<Log, 'error'>
): RequestListener {
	const arrivals = new WeakMap<IncomingMessage, Arrival>();

	async function respond(request: Request, incoming: IncomingMessage, outgoing: ServerResponse): Promise<Response> {
		const arrival = arrivals.get(incoming);
		if (!arrival) throw new Error('A request was passed on before its source was read');
		const { address, target } = arrival;
		const connection = { peer: incoming.socket.remoteAddress ?? '', httpVersion: incoming.httpVersion };
		const response = await application.respond(request, {
			platform: { connection },
			getClientAddress: () => address
		});
		if (mayCompress(incoming.method, target, response)) compress(incoming, outgoing);
		return response.headers.has('content-length') ? response : cutOnFailure(response, outgoing);
	}

	const listen = getRequestListener(
		(request, { incoming, outgoing }) => respond(request, incoming as IncomingMessage, outgoing as ServerResponse),
		{
			// discardRest allows more time, so that a slow client gets its response.
			autoCleanupIncoming: false,
			errorHandler: (error) => {
				if (error instanceof RequestError) return toText(400, 'Bad Request');
				log.error({ error }, 'A request failed before it reached a handler');
				return toText(500, 'Internal Server Error');
			}
		}
	);

	return (incoming, outgoing) => {
		const { origin, address } = readSource(incoming);
		const target = getTarget(incoming);
		if (target === null || !URL.canParse(origin)) {
			refuse(outgoing);
			return;
		}
		arrivals.set(incoming, { address, target });
		// Relative to the Host header, unless a proxy has named another origin.
		const isHost = origin === `http://${incoming.headers.host ?? ''}`;
		incoming.url = isHost ? target : origin + target;
		void listen(incoming, outgoing);
	};
}

/**
 * Cuts the connection if the source of a response fails midway, so that the client doesn't take it for complete. The
 * application has logged the failure.
 */
function cutOnFailure(response: Response, outgoing: ServerResponse): Response {
	const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
	if (!reader) return response;
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			try {
				const { done, value } = await reader.read();
				if (done) controller.close();
				else controller.enqueue(value);
			} catch {
				outgoing.destroy();
				controller.close();
			}
		},
		cancel: (reason) => reader.cancel(reason)
	});
	return new Response(body, { status: response.status, headers: response.headers });
}

const plainText = { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' };

function refuse(outgoing: ServerResponse): void {
	const text = 'Bad Request';
	outgoing.writeHead(400, { ...plainText, 'content-length': text.length }).end(text);
}

const toText = (status: number, text: string): Response =>
	new Response(text, { status, headers: { ...plainText, 'content-length': String(text.length) } });

/**
 * Returns a request's path and query. The absolute form, as sent to a proxy, contains a host that is the client's claim
 * (RFC 9112 §3.2.2). Null for any other form.
 */
function getTarget({ url = '' }: IncomingMessage): string | null {
	if (url.startsWith('/')) return canonicalApiPath(url);
	if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
	const { pathname, search } = new URL(url);
	return canonicalApiPath(pathname + search);
}
