import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';

/** Text of the API and of pages; files of the build are compressed when it is made. */
const compressible = /^(?:application\/json|text\/(?:html|csv))\b/;

/**
 * Compression tells by its size whether a guess that is reflected in a reply matches a secret in it (BREACH). So only what is read
 * is compressed, never what a form or a call with a secret gives, what sets cookies, or a page whose address has a query.
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

/** Compresses with gzip or brotli what may be compressed, and names Accept-Encoding in Vary. */
// Express's types ask for more than its code uses.
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
 * compression registers listeners for `drain` on its own stream, but `once` removes them from the response: SvelteKit, which waits
 * for `drain` once per chunk, would leave one behind each time. One listener for all of them never has to be removed.
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
