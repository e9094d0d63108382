import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readBody, readForm, readMultipart } from '#lib/server/platform/http/body.ts';
import { readImport } from '#lib/server/features/user-batches/user-import.ts';

const mib = 1024 * 1024;
/** Required for a streamed body, but missing from the DOM types. */
const halfDuplex: object = { duplex: 'half' };
const multipart = (body: string | ReadableStream<Uint8Array>) =>
	new Request('http://localhost', {
		method: 'POST',
		body,
		headers: { 'content-type': 'multipart/form-data; boundary=xyz' },
		...(typeof body === 'string' ? {} : halfDuplex)
	});
const part = (headers: string, value: string) => `--xyz\r\n${headers}\r\n\r\n${value}\r\n`;
const end = '--xyz--\r\n';

describe('a multipart form', () => {
	it('is read with its fields and files', async () => {
		const body =
			part('Content-Disposition: form-data; name="title"', 'Zürich') +
			part('Content-Disposition: form-data; name="file"; filename="ä.png"\r\nContent-Type: image/png', '\x89PNG') +
			end;
		const form = await readMultipart(multipart(body), mib);
		expect(form.get('title')).toBe('Zürich');
		const file = form.get('file');
		expect(file).toBeInstanceOf(File);
		expect(file).toMatchObject({ name: 'ä.png', type: 'image/png' });
	});

	it.each([
		['more parts than any form has', part('Content-Disposition: form-data; name="a"', 'b').repeat(20_000) + end],
		['very many files', part('Content-Disposition: form-data; name="a"; filename="b"', 'c').repeat(20_000) + end],
		['no end', part('Content-Disposition: form-data; name="a"', 'b')],
		['a part that breaks off', '--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\nb']
	])('is refused with %s', async (_, body) => {
		await expect(readMultipart(multipart(body), 64 * mib)).rejects.toMatchObject({ status: 400 });
	});

	it('does not block the server with unlimited headers or parts', async () => {
		const bodies = [
			`--xyz\r\n${'A: b\r\n'.repeat(1_000_000)}\r\n\r\nx\r\n${end}`,
			`--xyz\r\nContent-Disposition: form-data; name="a"\r\nA: ${'b'.repeat(8 * mib)}\r\n\r\nx\r\n${end}`,
			'--xyz\r\n'.repeat(500_000),
			part('Content-Disposition: form-data; name="a"; filename="b"', '').repeat(60_000) + end
		];
		for (const body of bodies) {
			const startedAt = process.cpuUsage();
			await readMultipart(multipart(body), 64 * mib).catch(() => undefined);
			// CPU time, which other programs don't affect.
			expect(process.cpuUsage(startedAt).user).toBeLessThan(3_000_000);
		}
	});
});

describe('a stalled body', () => {
	beforeEach(() => vi.useFakeTimers());
	afterEach(() => vi.useRealTimers());

	/** A body that the test appends to. */
	function trickle() {
		let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
		const stream = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
		return {
			stream,
			add: (bytes: number) => controller?.enqueue(new Uint8Array(bytes).fill(65)),
			close: () => controller?.close()
		};
	}

	it.each([
		['JSON', (request: Request) => readBody(request, mib)],
		['a form', (request: Request) => readForm(request, mib)],
		['an upload', (request: Request) => readMultipart(request, mib)]
	])('gets 408 after a minute, even if it trickles in: %s', async (_, read) => {
		const { stream, add } = trickle();
		const outcome = read(multipart(stream)).then(
			() => 'read',
			(error: unknown) => error
		);
		for (let second = 0; second < 59; second++) {
			add(1);
			await vi.advanceTimersByTimeAsync(1_000);
		}
		expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
		await vi.advanceTimersByTimeAsync(1_000);
		expect(await outcome).toMatchObject({ status: 408, message: 'Request body took too long' });
	});

	it('can take longer while enough data arrives', async () => {
		const { stream, add, close } = trickle();
		const outcome = readForm(
			new Request('http://localhost', { method: 'POST', body: stream, ...halfDuplex }),
			mib
		).catch((error: unknown) => error);
		for (let minute = 0; minute < 5; minute++) {
			add(64 * 1024);
			await vi.advanceTimersByTimeAsync(60_000);
		}
		close();
		expect(await outcome).not.toMatchObject({ status: 408 });
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe('JSON', () => {
	const send = (text: string) =>
		readBody(
			new Request('http://localhost', { method: 'POST', body: text, headers: { 'content-type': 'application/json' } }),
			mib
		);

	it.each(['['.repeat(500_000), '{"a":'.repeat(200_000), '['.repeat(101) + ']'.repeat(101)])(
		'is refused if it is nested too deeply',
		async (text) => {
			await expect(send(text)).rejects.toMatchObject({ status: 400, message: 'Request body is nested too deeply' });
		}
	);

	it('can contain brackets in strings', async () => {
		const body = { text: `${'['.repeat(1_000)}"\\${'{'.repeat(1_000)}`, list: [[[1]]] };
		expect(await send(JSON.stringify(body))).toEqual(body);
	});
});

describe('a CSV file', () => {
	const size = 256 * 1024;

	it.each([
		['blanks', ' '.repeat(size)],
		['lines of blanks', `${' '.repeat(100)}\n`.repeat(2_500)],
		['tabs', '\t'.repeat(size)],
		['a first line of commas', `${','.repeat(mib)}\nx`],
		['a second line of commas', `email,name\n${','.repeat(size)}`],
		['a quoted field without an end', `email,name\n"${'a'.repeat(size)}`],
		['a field with blanks inside', `email,name\na${' '.repeat(size)}b,c`]
	])('with %s does not block the server', async (_, csv) => {
		const startedAt = process.cpuUsage();
		const outcome = await readImport(csv).catch((error: unknown) => error);
		if (Array.isArray(outcome)) expect(outcome).toMatchObject([{ isWrong: true }]);
		else expect(outcome).toMatchObject({ status: 400, details: { field: 'csv' } });
		expect(process.cpuUsage(startedAt).user).toBeLessThan(3_000_000);
	});
});
