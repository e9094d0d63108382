import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';

/** API text and pages; build files are compressed at build time. */
const compressible = /^(?:application\/json|text\/(?:html|csv))\b/;

/**
 * The compressed size reveals whether a reflected guess matches a secret in the response (BREACH). So only reads are
 * compressed, never responses to forms or operations that return a secret, responses that set cookies, or pages with a
 * query.
 */
export function mayCompress({ method, url = '' }: IncomingMessage, response: ServerResponse): boolean {
	const isPage = !/^\/api\//i.test(url);
	return (
		(method === 'GET' || method === 'HEAD') &&
		response.statusCode === 200 &&
		!(isPage && url.includes('?')) &&
		!response.hasHeader('set-cookie') &&
		compressible.test(String(response.getHeader('content-type') ?? ''))
	);
}

type Listener = Parameters<ServerResponse['once']>[1];
type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Compresses eligible responses with gzip or brotli and adds Accept-Encoding to Vary. */
// Express's types require more than its code uses.
const compressWithExpress = compression({
	threshold: 1_024,
	filter: (request, response) => mayCompress(request, response)
}) as unknown as Middleware;

export const compress: Middleware = (request, response, next) =>
	compressWithExpress(request, response, () => {
		shareDrainListener(response);
		next();
	});

/**
 * compression registers `drain` listeners on its own stream, but `once` removes them from the response, so SvelteKit, which
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
