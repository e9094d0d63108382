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

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Compresses by gzip or brotli what may be, and names Accept-Encoding in Vary. */
// Express' types ask for more than its code uses.
export const compress = compression({
	threshold: 1_024,
	filter: (request, response) => mayCompress(request, response)
}) as unknown as Middleware;
