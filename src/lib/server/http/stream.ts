import type { z } from 'zod';

const chunkCharacters = 64 * 1024;
const encoder = new TextEncoder();

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
	typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** Sends a JSON array item by item, each through its schema. A failure on the way breaks the answer off. */
export function streamArray(item: z.ZodType, items: unknown, status: number): Response {
	if (!isAsyncIterable(items)) throw new TypeError('A streamed reply is an async iterable');
	const chunks = chunksOf(item, items);
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { done, value } = await chunks.next();
			if (done) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await chunks.return(undefined);
		}
	});
	return new Response(body, { status, headers: { 'content-type': 'application/json' } });
}

async function* chunksOf(item: z.ZodType, items: AsyncIterable<unknown>): AsyncGenerator<string, undefined> {
	let chunk = '[';
	let isFirst = true;
	for await (const value of items) {
		chunk += (isFirst ? '' : ',') + JSON.stringify(item.parse(value));
		isFirst = false;
		if (chunk.length < chunkCharacters) continue;
		yield chunk;
		chunk = '';
	}
	yield `${chunk}]`;
	return undefined;
}
