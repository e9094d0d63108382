import type { BinaryReply, ByteRange } from '#lib/contract/operation.ts';
import { AppError } from '../errors.ts';
import { isKnown } from './etag.ts';

const isBinaryReply = (reply: unknown): reply is BinaryReply =>
	typeof reply === 'object' &&
	reply !== null &&
	'content' in reply &&
	(reply.content instanceof ReadableStream || typeof reply.content === 'function');

const unsatisfiable = () => new AppError(416, 'Requested range not satisfiable');

/**
 * Sends a file for private caching, or 304 if the client's cached copy is current (RFC 9110 §13.1.2), or the one range that
 * was requested (§14.2). Several ranges are answered with the whole file, as §14.2 permits.
 * @throws {AppError} 416 for a range that begins after the end
 */
export function sendBinary(request: Request, reply: unknown, status: number): Response {
	if (!isBinaryReply(reply)) throw new TypeError('A binary reply is a stream with its type');
	const { content, sizeBytes } = reply;
	const etag = `"${reply.version}"`;
	const headers = {
		etag,
		'cache-control': reply.maxAgeSeconds > 0 ? `private, max-age=${reply.maxAgeSeconds}` : 'private, no-cache',
		vary: 'Cookie, Authorization, X-Api-Key',
		// A file that is opened directly must not run scripts, whatever its content.
		'content-security-policy': "default-src 'none'; sandbox",
		...(reply.downloadName !== undefined && { 'content-disposition': buildDisposition(reply.downloadName) }),
		...(typeof content === 'function' && { 'accept-ranges': 'bytes' })
	};
	const cancel = () => (typeof content === 'function' ? undefined : void content.cancel());
	if (isKnown(request, etag)) {
		cancel();
		return new Response(null, { status: 304, headers });
	}
	const whole = { ...headers, 'content-type': reply.contentType, 'content-length': String(sizeBytes) };
	if (request.method === 'HEAD') {
		cancel();
		return new Response(null, { status, headers: whole });
	}
	if (typeof content !== 'function') return new Response(content, { status, headers: whole });
	const range = findRange(request, etag, sizeBytes);
	if (!range)
		return new Response(sizeBytes === 0 ? null : content({ start: 0, end: sizeBytes - 1 }), { status, headers: whole });
	return new Response(content(range), {
		status: 206,
		headers: {
			...whole,
			'content-length': String(range.end - range.start + 1),
			'content-range': `bytes ${range.start}-${range.end}/${sizeBytes}`
		}
	});
}

/** Reads the Range header; null if the whole file is to be sent. */
function findRange({ headers }: Request, etag: string, sizeBytes: number): ByteRange | null {
	const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.get('range')?.trim() ?? '') ?? [];
	if (first === '' && last === '') return null;
	// An If-Range that names another version, or a date, asks for the whole file.
	const condition = headers.get('if-range')?.trim();
	if (condition !== undefined && condition !== etag) return null;
	if (first === '') {
		if (Number(last) === 0 || sizeBytes === 0) throw unsatisfiable();
		return { start: Math.max(0, sizeBytes - Number(last)), end: sizeBytes - 1 };
	}
	const range = { start: Number(first), end: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) };
	if (last !== '' && Number(last) < range.start) return null;
	if (range.start >= sizeBytes) throw unsatisfiable();
	return range;
}

/** Names the file for browsers that read RFC 6266, and in ASCII for others. */
function buildDisposition(name: string): string {
	const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
	const encoded = encodeURIComponent(name.toWellFormed()).replace(
		/['()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16)}`
	);
	return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
