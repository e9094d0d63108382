import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { WatchedServer } from '#tests/support/watched-server.ts';

const api = useApi();
let watched: WatchedServer;
let cookie = '';
beforeAll(async () => {
	watched = await WatchedServer.start(api);
});
afterAll(() => watched.close());
beforeEach(async () => {
	await api.reset();
	cookie = buildCookie((await api.accounts.signInAdmin()).token);
});

const urlEncoded = 'application/x-www-form-urlencoded';
const multipart = 'multipart/form-data; boundary=xyz';
const file = '--xyz\r\nContent-Disposition: form-data; name="file"; filename="me.jpg"\r\n\r\n';

/** Starts a request whose body never ends and returns what is read of the response. */
async function stall(path: string, type: string, begun: string) {
	const minutes = watched.count('a minute begins');
	const { origin, host, port } = new URL(watched.server.url);
	const socket = connect(Number(port), '127.0.0.1');
	let text = '';
	socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
	socket.on('error', () => undefined);
	const lines = [
		`POST ${path} HTTP/1.1`,
		`Host: ${host}`,
		`Origin: ${origin}`,
		`Cookie: ${cookie}`,
		`Accept: ${path.startsWith('/api/') ? 'application/json' : 'text/html'}`,
		`Content-Type: ${type}`,
		'Content-Length: 1000'
	];
	socket.write(`${lines.join('\r\n')}\r\n\r\n${begun}`);
	await watched.until('a minute begins', minutes + 1);
	return { socket, read: () => text };
}

const json = /"message":"Request body took too long"/;
const shown = /The upload stopped or was too slow\. Try again\./;

describe('a body that makes no progress', () => {
	it.each([
		['JSON to the API', '/api/auth/login', 'application/json', '{"email":', json],
		['a form to the API', '/api/auth/login', urlEncoded, 'email=a', json],
		['an upload to the API', '/api/users/profile-image', multipart, file, json],
		['a form to a page', '/admin/users/new', urlEncoded, 'email=a', shown],
		['an upload to a page', '/account/profile?/setPicture', multipart, file, shown]
	])('gets 408 after a minute: %s', async (_, path, type, begun, wanted) => {
		const { socket, read } = await stall(path, type, begun);
		expect(read()).toBe('');
		watched.passMinute();
		await expect.poll(read, { timeout: 20_000, interval: 10 }).toMatch(wanted);
		expect(read()).toMatch(/^HTTP\/1\.1 408 /);
		socket.destroy();
		// Others still work.
		expect((await watched.send('GET', '/api/server/ping')).status).toBe(200);
	});

	it('leaves no timer behind when the client disconnects', async () => {
		const givenUp = watched.count('a minute is given up');
		const { socket } = await stall('/api/auth/login', 'application/json', '{"email":');
		socket.destroy();
		await watched.until('a minute is given up', givenUp + 1);
	});
});
