import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sendFile, streamArray } from '#lib/server/platform/http/stream.ts';

const request = new Request('http://localhost/api/users');
const entry = 'x'.repeat(10_000);
const fail = (error: unknown) => expect.unreachable(String(error));

/** An endless source that records when it has been closed. */
class Source {
	isOpen = false;
	isClosed = false;

	async *read(): AsyncGenerator<string> {
		this.isOpen = true;
		try {
			for (;;) yield await Promise.resolve(entry);
		} finally {
			this.isClosed = true;
		}
	}
}

const replies = {
	'a JSON array': (source: Source) => streamArray(request, z.string(), source.read(), 200, fail),
	'a file': (source: Source) => sendFile({ type: 'text/csv', name: 'x.csv', parts: source.read() }, fail)
};

describe.each(Object.entries(replies))('a reader who leaves %s', (_, send) => {
	// The first 256 KiB of an array are produced before any are sent.
	it.each([0, 1, 3, 100])('closes its source after %i chunks', async (chunks) => {
		const source = new Source();
		const reader = (await send(source)).body?.getReader();
		for (let read = 0; read < chunks; read++) await reader?.read();
		expect([source.isOpen, source.isClosed]).toEqual([true, false]);
		await reader?.cancel();
		expect(source.isClosed).toBe(true);
	});
});
