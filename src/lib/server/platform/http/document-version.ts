import type { RequestEvent } from '@sveltejs/kit';

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
