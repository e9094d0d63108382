import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { StandInImmich } from '#tests/support/stand-in-immich.ts';

const immich = await new StandInImmich().start();
afterAll(() => immich.stop());
const api = useApi({ env: { IMMICH_UPSTREAM_URL: immich.url }, prepare: ({ pool }) => immich.share(pool) });

beforeEach(() => void immich.take());

/** Sends bytes as they are, and returns the status of the first response; 0 if there is none. */
async function sendRaw(message: string): Promise<number> {
	const socket = connect(Number(new URL(api.url).port), 'localhost');
	socket.write(message);
	const answer = await text(socket).catch(() => '');
	return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
}

const get = (path: string, headers: readonly string[] = [], method = 'GET') =>
	sendRaw([`${method} ${path} HTTP/1.1`, 'Host: photos.example', 'Connection: close', ...headers, '', ''].join('\r\n'));

describe('paths that could mean different things', () => {
	it.each([
		...['//api/albums', '/api//albums', '/api/../api/albums', '/api/./albums', '/x/../api/albums', '/api/albums/..'],
		...['/%61pi/albums', '/ap%69/albums', '/api%2falbums', '/%2fapi/albums', '/%252fapi/albums', '/%25252fapi/albums'],
		...[
			'/x/%2e%2e/api/albums',
			'/x/%252e%252e/api/albums',
			'/api;x/albums',
			'/;x/api/albums',
			'/api/albums;x',
			'/api\\albums'
		],
		...[
			'\\api\\albums',
			'/%5capi/albums',
			'/api/albums/%2e%2e/users',
			'/api/alb%75ms',
			'/api/albums%00',
			'/api/albums%3bx',
			'/%zz'
		],
		...['/api/al\u00fcbums', '/albums#/api', 'http://photos.example/api/albums', '*', '/%09api/albums']
	])('refuses %s', async (path) => {
		expect(await get(path)).toBe(400);
		expect(immich.take()).toEqual([]);
	});

	it.each([
		'/API/albums',
		'/Api/Albums/',
		'/api/albums/',
		'/api/tags/a%20b',
		'/api/tags/%C3%84',
		'/api/albums?x=../%2f%2e;//'
	])('judges %s and forwards it as it was sent', async (path) => {
		const { token } = await api.accounts.signIn();
		expect(await get(path)).toBe(401);
		expect(immich.take()).toEqual([]);
		expect(await get(path, [`Authorization: Bearer ${token}`])).toBe(200);
		expect(immich.take().map(({ url }) => url)).toEqual([path]);
	});

	it.each(['/API/USERS/ME', '/api/users/me/', '/Api/Sessions/', '/api/auth/STATUS'])(
		'serves %s itself',
		async (path) => {
			await get(path);
			expect(immich.take()).toEqual([]);
		}
	);

	it('forwards pages whose paths are ambiguous only among pages', async () => {
		expect(await get('/photos/%2e%2e/x;y')).toBe(200);
		expect(immich.take().map(({ url }) => url)).toEqual(['/photos/%2e%2e/x;y']);
	});
});

describe('credentials that could be read differently', () => {
	it.each([
		['a parameter sent twice', '/api/albums?key=good&key=bad', []],
		['a parameter as a list', '/api/albums?key[]=good', []],
		['an encoded list', '/api/albums?key%5B0%5D=good', []],
		['a parameter after the thousandth', `/api/albums?${'a&'.repeat(1_000)}key=good`, []],
		['a header sent twice', '/api/albums', ['X-Api-Key: a', 'X-Api-Key: b']],
		['a header that a proxy removes', '/api/albums', ['X-Immich-Share-Key: good', 'Connection: x-immich-share-key']]
	] as const)('refuses %s', async (_, path, headers) => {
		expect(await get(path, headers)).toBe(400);
		expect(immich.take()).toEqual([]);
	});
});

describe('request smuggling', () => {
	it.each([
		['both lengths', ['Content-Length: 5', 'Transfer-Encoding: chunked', '', '0', '', 'GET /api/x HTTP/1.1']],
		['two lengths', ['Content-Length: 5', 'Content-Length: 6', '', 'aaaaa']],
		['an obscured encoding', ['Transfer-Encoding: xchunked', '', '0', '']],
		['a folded header', ['X-A: b', ' Transfer-Encoding: chunked', '', '0', '']],
		['a space before the colon', ['Content-Length : 5', '', 'aaaaa']],
		['a negative length', ['Content-Length: -1', '', 'a']]
	])('refuses %s', async (_, lines) => {
		const { token } = await api.accounts.signIn();
		const head = [
			'POST /api/assets HTTP/1.1',
			'Host: photos.example',
			'Connection: close',
			`Authorization: Bearer ${token}`
		];
		expect(await sendRaw([...head, ...lines, '', ''].join('\r\n'))).toBe(400);
		expect(immich.take()).toEqual([]);
	});

	it('passes on the body of a GET as a body', async () => {
		const { token } = await api.accounts.signIn();
		const inner = 'GET /api/inner HTTP/1.1\r\nHost: x\r\n\r\n';
		const headers = [`Authorization: Bearer ${token}`, `Content-Length: ${inner.length}`];
		const lines = ['GET /api/albums HTTP/1.1', 'Host: x', 'Connection: close', ...headers, '', inner];
		expect(await sendRaw(lines.join('\r\n'))).toBe(200);
		expect(immich.take().map(({ url, bytes }) => [url, bytes])).toEqual([['/api/albums', inner.length]]);
	});
});
