import type { RequestEvent } from '@sveltejs/kit';
import type { RenderedJson } from './rendered-json.ts';

export const jsonType = 'application/json; charset=utf-8';

/** Whether the client already has this version (RFC 9110 §13.1.2: compared weakly, and `*` matches any). */
export function isKnown(request: Request, etag: string): boolean {
	const known = request.headers.get('if-none-match');
	if (known === null) return false;
	const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
	return known.trim() === '*' || known.split(',').some((tag) => opaque(tag) === opaque(etag));
}

/** Sends JSON. A read gets a weak ETag of its content as in Immich, and 304 if the client already has it. */
export function sendJson(
	request: Request,
	{ json, sizeBytes, etag: contentTag }: RenderedJson,
	status: number,
	version: string | null = null
): Response {
	const isRead = status === 200 && (request.method === 'GET' || request.method === 'HEAD');
	const etag = version ?? (isRead ? contentTag : null);
	const headers = { vary: 'Accept-Encoding', ...(etag !== null && { etag }) };
	if (isRead && etag !== null && isKnown(request, etag)) return new Response(null, { status: 304, headers });
	// The length lets compression skip small responses.
	const length = String(sizeBytes);
	return new Response(json, { status, headers: { ...headers, 'content-type': jsonType, 'content-length': length } });
}

interface Versioned<Document> {
	readonly config: Document;
	readonly version: string;
}

/** Uses a document's version as its ETag (RFC 9110 §8.8.3), and returns the document. */
export async function withVersion<Document>(
	event: RequestEvent,
	versioned: Versioned<Document> | Promise<Versioned<Document>>
): Promise<Document> {
	const { config, version } = await versioned;
	event.locals.version = `"${version}"`;
	event.setHeaders({ 'cache-control': 'private, no-cache' });
	return config;
}

/** Reads If-Match (RFC 9110 §13.1.1): without it, or with a star, the last write wins. */
export function wantedVersion({ request }: RequestEvent): (version: string) => boolean {
	const wanted = request.headers
		.get('if-match')
		?.split(',')
		.map((tag) => tag.trim());
	return (version) => !wanted || wanted.includes('*') || wanted.includes(`"${version}"`);
}
