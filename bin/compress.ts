import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';

/** API text and pages; build files are compressed at build time. */
const compressible = /^(?:application\/json|text\/(?:html|csv))\b/;
/** Below this, compression saves less than it costs. */
const minBytes = 1_024;

/**
 * The compressed size reveals whether a reflected guess matches a secret in the response (BREACH). So only reads are
 * compressed, never responses to forms or operations that return a secret, responses that set cookies, or pages with a
 * query.
 * @param target the request's path and query
 */
export function mayCompress(
	method: string | undefined,
	target: string,
	{ status, headers }: Pick<Response, 'status' | 'headers'>
): boolean {
	const isPage = !/^\/api\//i.test(target);
	return (
		(method === 'GET' || method === 'HEAD') &&
		status === 200 &&
		Number(headers.get('content-length') ?? minBytes) >= minBytes &&
		!(isPage && target.includes('?')) &&
		!headers.has('set-cookie') &&
		compressible.test(headers.get('content-type') ?? '')
	);
}

type Listener = Parameters<ServerResponse['once']>[1];
type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

// Express's types require more than its code uses.
const compressWithExpress = compression({ threshold: 0, filter: () => true }) as unknown as Middleware;

/** Compresses what is written to a response from now on with gzip or brotli, and adds Accept-Encoding to Vary. */
export function compress(request: IncomingMessage, response: ServerResponse): void {
	compressWithExpress(request, response, () => {
		shareDrainListener(response);
	});
}

/**
 * compression registers `drain` listeners on its own stream, but `once` removes them from the response, so the bridge, which
 * waits for `drain` once per chunk, would leak one each time. A single shared listener never has to be removed.
 */
function shareDrainListener(response: ServerResponse): void {
	const waiting = new Set<Listener>();
	const once = response.once.bind(response);
	response.on('drain', () => {
		const due = [...waiting];
		waiting.clear();
		for (const listener of due) listener.call(response);
	});
	response.once = (event: string, listener: Listener) => {
		if (event !== 'drain') return once(event, listener);
		waiting.add(listener);
		return response;
	};
}
