import { badRequest, bodyTooLarge } from '../errors.ts';

export const defaultMaxBytes = 64 * 1024;

/** Reads a body up to its limit; throws 413 as soon as it is passed, whatever Content-Length said. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
	if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw bodyTooLarge();
	if (!request.body) return '';
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of request.body) {
		size += chunk.byteLength;
		if (size > maxBytes) throw bodyTooLarge();
		chunks.push(chunk);
	}
	return refuseNull(Buffer.concat(chunks).toString());
}

/** Reads the body of an interface call: JSON, or a form in the URL's encoding as Express takes it too. */
export async function readBody(request: Request, maxBytes: number): Promise<unknown> {
	const text = await readText(request, maxBytes);
	const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
	if (text === '') return {};
	if (type === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(text));
	if (type !== 'application/json' && !type.endsWith('+json')) return {};
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw badRequest(cause instanceof Error ? cause.message : 'Request body is not valid JSON', { cause });
	}
}

/** Reads a browser form without files. */
export async function readForm(request: Request, maxBytes: number): Promise<FormData> {
	const headers = { 'content-type': request.headers.get('content-type') ?? '' };
	const text = await readText(request, maxBytes);
	try {
		return await new Response(text, { headers }).formData();
	} catch (cause) {
		throw badRequest('The form could not be read', { cause });
	}
}

/** PostgreSQL's text holds no U+0000, and nobody means one. */
function refuseNull(text: string): string {
	if (/\0|\\u0000|%00/.test(text)) throw badRequest('Request body contains a null character');
	return text;
}
