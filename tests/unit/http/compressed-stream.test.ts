import { randomBytes } from 'node:crypto';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import zlib, { type Gzip } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBridge } from '../../../bin/bridge.ts';

const parts = 80;
const partBytes = 64 * 1024;

/** 5 MB that hardly compress, so that the client's speed matters. */
const longReply = (): Response => {
	let sent = 0;
	return new Response(
		new ReadableStream({
			pull(controller) {
				if (sent++ === parts) controller.close();
				else controller.enqueue(randomBytes(partBytes));
			}
		}),
		{ headers: { 'content-type': 'text/csv' } }
	);
};

const failures: unknown[] = [];
const server = createServer(
	createBridge(
		{ respond: () => Promise.resolve(longReply()) },
		() => ({ origin: 'http://127.0.0.1', address: '127.0.0.1' }),
		{ error: (failure: unknown) => failures.push(failure) }
	)
);

const ask = async (encoding: string): Promise<IncomingMessage> => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return new Promise((resolve, reject) => {
		get({ port, path: '/api/x', headers: { 'accept-encoding': encoding } }, resolve).on('error', reject);
	});
};

afterEach(async () => {
	vi.restoreAllMocks();
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

describe('a long response to a slow client', () => {
	it.each(['gzip', 'identity'])('accumulates no listeners: %s', async (encoding) => {
		const warnings: string[] = [];
		const note = ({ name }: Error) => warnings.push(name);
		process.on('warning', note);
		const streams: Gzip[] = [];
		const { createGzip } = zlib;
		vi.spyOn(zlib, 'createGzip').mockImplementation((options) => {
			const stream = createGzip(options);
			streams.push(stream);
			return stream;
		});
		const reply = await ask(encoding);
		let bytes = 0;
		let mostListeners = 0;
		for await (const chunk of encoding === 'gzip' ? reply.pipe(zlib.createGunzip()) : reply) {
			bytes += (chunk as Buffer).byteLength;
			mostListeners = Math.max(mostListeners, ...streams.map((stream) => stream.listenerCount('drain')));
			await nextTurn();
		}
		process.off('warning', note);
		expect(bytes).toBe(parts * partBytes);
		expect(streams).toHaveLength(encoding === 'gzip' ? 1 : 0);
		expect(mostListeners).toBeLessThanOrEqual(2);
		expect(warnings).toEqual([]);
		expect(failures).toEqual([]);
	});
});
