import type { BinaryReply } from '#lib/contract/operation.ts';
import { isKnown } from './etag.ts';

const isBinaryReply = (reply: unknown): reply is BinaryReply =>
	typeof reply === 'object' && reply !== null && 'content' in reply && reply.content instanceof ReadableStream;

/** Sends a file for private caching, or 304 if the client's cached copy is current (RFC 9110 §13.1.2). */
export function sendBinary(request: Request, reply: unknown, status: number): Response {
	if (!isBinaryReply(reply)) throw new TypeError('A binary reply is a stream with its type');
	const etag = `"${reply.version}"`;
	const headers = {
		etag,
		'cache-control': reply.maxAgeSeconds > 0 ? `private, max-age=${reply.maxAgeSeconds}` : 'private, no-cache',
		vary: 'Cookie, Authorization, X-Api-Key',
		// A file that is opened directly must not run scripts, whatever its content.
		'content-security-policy': "default-src 'none'; sandbox"
	};
	if (isKnown(request, etag)) {
		void reply.content.cancel();
		return new Response(null, { status: 304, headers });
	}
	return new Response(reply.content, {
		status,
		headers: { ...headers, 'content-type': reply.contentType, 'content-length': String(reply.sizeBytes) }
	});
}
