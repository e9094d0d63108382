import { z } from 'zod';
import { JsonBytes, type SentFile } from '#lib/contract/operation.ts';
import { jsonType, sendJson } from './etag.ts';
import { renderJson } from './rendered-json.ts';

const chunkCharacters = 64 * 1024;
/** An array up to this size is built before it is sent, so that it has an ETag and a failure gets an error response. */
const bufferedBytes = 256 * 1024;
const encoder = new TextEncoder();

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
	typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

type OnFailure = (thrown: unknown) => void;

/**
 * Sends a JSON array item by item, each parsed with its schema. Rejects if the first part fails, so that there is an error
 * response; a later failure aborts the response.
 */
export async function streamArray(
	request: Request,
	item: z.ZodType,
	items: unknown,
	status: number,
	onFailure: OnFailure
): Promise<Response> {
	if (!isAsyncIterable(items)) throw new TypeError('A streamed reply is an async iterable');
	const chunks = toChunks(item, items);
	const first: Uint8Array[] = [];
	let size = 0;
	while (size <= bufferedBytes) {
		const { done, value } = await chunks.next();
		if (done) return sendJson(request, renderJson(Buffer.concat(first).toString()), status);
		const chunk = typeof value === 'string' ? encoder.encode(value) : value;
		first.push(chunk);
		size += chunk.byteLength;
	}
	return new Response(await toStream(after(first, chunks), onFailure), {
		status,
		headers: { 'content-type': jsonType, vary: 'Accept-Encoding' }
	});
}

async function* after(
	first: readonly Uint8Array[],
	rest: AsyncGenerator<string | Uint8Array, undefined>
): AsyncGenerator<string | Uint8Array, undefined> {
	try {
		yield* first;
		yield* rest;
		return undefined;
	} finally {
		// If the client disconnects during the first chunks, `yield*` doesn't close it.
		await rest.return(undefined);
	}
}

const FileShape = z.object({ type: z.string(), name: z.string().regex(/^[^\p{Cc}/\\"]{1,250}$/u) });

/** Names a download; other letters than ASCII in the form of RFC 6266 §4.3, with a plain name for old programs. */
function disposition(name: string): string {
	const plain = name.replaceAll(/[^\w.-]/g, '_');
	const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
	return `attachment; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${encoded}`}`;
}

const isSentFile = (reply: unknown): reply is SentFile =>
	FileShape.safeParse(reply).success && typeof reply === 'object' && reply !== null && 'parts' in reply;

/** Sends a file as a download, piece by piece. */
export async function sendFile(reply: unknown, onFailure: OnFailure): Promise<Response> {
	if (!isSentFile(reply)) throw new TypeError('A file has a type, a plain name and parts');
	const headers = {
		'content-type': reply.type,
		'content-disposition': disposition(reply.name),
		...(reply.sizeBytes !== undefined && { 'content-length': String(reply.sizeBytes) })
	};
	return new Response(await toStream(readPieces(reply), onFailure), { headers });
}

async function* readPieces({ parts }: SentFile): AsyncGenerator<string | Uint8Array, undefined> {
	yield* parts;
	return undefined;
}

/** Produces pieces only as fast as the client reads them. */
async function toStream(
	pieces: AsyncGenerator<string | Uint8Array, undefined>,
	onFailure: OnFailure
): Promise<ReadableStream<Uint8Array>> {
	let ready: IteratorResult<string | Uint8Array, undefined> | null = await pieces.next();
	return new ReadableStream({
		async pull(controller) {
			try {
				const { done, value } = ready ?? (await pieces.next());
				ready = null;
				if (done) controller.close();
				else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value);
			} catch (error) {
				onFailure(error);
				throw error;
			}
		},
		async cancel() {
			await pieces.return(undefined);
		}
	});
}

async function* toChunks(
	item: z.ZodType,
	items: AsyncIterable<unknown>
): AsyncGenerator<string | Uint8Array, undefined> {
	let chunk = '[';
	let isFirst = true;
	for await (const value of items) {
		const separator = isFirst ? '' : ',';
		isFirst = false;
		if (value instanceof JsonBytes) {
			yield chunk + separator;
			yield value.bytes;
			chunk = '';
			continue;
		}
		chunk += separator + JSON.stringify(item.parse(value));
		if (chunk.length < chunkCharacters) continue;
		yield chunk;
		chunk = '';
	}
	yield `${chunk}]`;
	return undefined;
}
