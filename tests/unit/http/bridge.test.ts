import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBridge } from '../../../bin/bridge.ts';

type Respond = (request: Request) => Response | Promise<Response>;

const opened: ReturnType<typeof createServer>[] = [];
const failures: unknown[] = [];

/** Serves an application and sends it a request. */
async function send(respond: Respond, method = 'GET', body?: string) {
	const server = createServer(
		createBridge(
			{ respond: async (received) => respond(received) },
			() => ({ origin: 'https://photos.example.test', address: '192.0.2.1' }),
			{ error: (failure: unknown) => failures.push(failure) }
		)
	);
	opened.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const sent = request({ port, host: '127.0.0.1', method, path: '/x?y=1', agent: false });
	sent.on('error', () => undefined);
	if (body === undefined) sent.flushHeaders();
	else sent.end(body);
	const [response] = (await once(sent, 'response')) as [IncomingMessage];
	return { sent, response };
}

async function readText(response: IncomingMessage): Promise<string> {
	let text = '';
	for await (const chunk of response) text += String(chunk);
	return text;
}

afterEach(async () => {
	for (const server of opened.splice(0)) {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
	failures.length = 0;
});

describe('createBridge', () => {
	it('passes method, address, headers and body', async () => {
		const { response } = await send(
			async (received) =>
				new Response(`${received.method} ${received.url} ${await received.text()}`, {
					headers: [
						['x-one', '1'],
						['set-cookie', 'a=1'],
						['set-cookie', 'b=2']
					]
				}),
			'POST',
			'body'
		);
		expect(await readText(response)).toBe('POST https://photos.example.test/x?y=1 body');
		expect(response.headers).toMatchObject({ 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] });
	});

	it('streams both ways: the first part of a response arrives before the rest of the request is sent', async () => {
		const { sent, response } = await send(
			(received) =>
				new Response(
					received.body?.pipeThrough(
						new TransformStream<Uint8Array, Uint8Array>({ start: (all) => all.enqueue(Buffer.from('first,')) })
					)
				),
			'POST'
		);
		const parts = response[Symbol.asyncIterator]();
		expect(String((await parts.next()).value)).toBe('first,');
		sent.end('rest');
		expect(String((await parts.next()).value)).toBe('rest');
		expect((await parts.next()).done).toBe(true);
	});

	it('aborts the request’s signal and cancels the response if the client disconnects', async () => {
		let signal: AbortSignal | undefined;
		const cancel = vi.fn();
		const { sent, response } = await send((received) => {
			({ signal } = received);
			return new Response(new ReadableStream({ start: (all) => all.enqueue(Buffer.from('first')), cancel }));
		});
		await once(response, 'data');
		expect(signal?.aborted).toBe(false);
		sent.destroy();
		await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
		expect(signal?.aborted).toBe(true);
		expect(failures).toEqual([]);
	});

	it('does not abort it after a complete response', async () => {
		let signal: AbortSignal | undefined;
		const { response } = await send((received) => {
			({ signal } = received);
			return new Response('done');
		});
		await readText(response);
		await nextTurn();
		expect(signal?.aborted).toBe(false);
	});

	it('cuts a response whose source fails, without its message, and continues to serve', async () => {
		const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
		let fail = (): void => undefined;
		const { response } = await send(
			() =>
				new Response(
					new ReadableStream({
						start(all) {
							all.enqueue(Buffer.from('first'));
							fail = () => all.error(new Error('a secret cause'));
						}
					})
				)
		);
		let text = '';
		response.on('data', (chunk) => (text += String(chunk)));
		await once(response, 'data');
		fail();
		await expect(once(response, 'end')).rejects.toThrow('aborted');
		expect(text).toBe('first');
		await nextTurn();
		await nextTurn();
		expect(logged).not.toHaveBeenCalled();
		expect(await readText((await send(() => new Response('next'))).response)).toBe('next');
	});

	it('responds 500 without the cause if the application fails, and logs it', async () => {
		const { response } = await send(() => {
			throw new Error('a secret cause');
		});
		expect(response.statusCode).toBe(500);
		expect(await readText(response)).toBe('Internal Server Error');
		expect(failures).toEqual([{ error: new Error('a secret cause') }]);
	});
});
