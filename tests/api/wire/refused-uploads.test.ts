import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';

const api = useApi();
const size = 4 * 1024 * 1024;
const upload = (path: string) =>
	`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${String(size)}\r\n\r\n`;
const ping = 'GET /api/server/ping HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** Opens a connection and collects what it receives. */
async function open() {
	const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
	let received = '';
	socket.setEncoding('utf8').on('data', (text: string) => (received += text));
	socket.on('error', () => undefined);
	await once(socket, 'connect');
	const saying = async (wanted: RegExp) => {
		while (!wanted.test(received)) await once(socket, 'data', { signal: AbortSignal.timeout(20_000) });
	};
	return { socket, saying };
}

/** Sends a text and waits until all of it is written. */
const write = (socket: Socket, text: string) => new Promise((resolve) => socket.write(text, resolve));

describe.each([
	['/api/auth/login', 413],
	['/api/users/me', 404],
	['/api/admin/user-batches/import', 401],
	['/api/nope', 404]
])('an upload to %s that is refused with %i before it is sent', (path, status) => {
	it('is read to its end, and the next request on the connection gets a response', async () => {
		const { socket, saying } = await open();
		socket.write(upload(path));
		await saying(new RegExp(`^HTTP/1.1 ${String(status)} `));
		await write(socket, 'x'.repeat(size));
		socket.write(ping);
		await saying(/"res":"pong"/);
		socket.destroy();
	});
});

describe('an upload that is refused and never sent', () => {
	it('loses its connection', { timeout: 30_000 }, async () => {
		const { socket, saying } = await open();
		socket.write(upload('/api/nope'));
		await saying(/^HTTP\/1\.1 404 /);
		await once(socket, 'close', { signal: AbortSignal.timeout(25_000) });
	});
});
