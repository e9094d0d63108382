import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';

const api = useApi();
let token = '';

beforeAll(async () => {
	({ token } = await api.accounts.signInAdmin());
});

const get = (path: string, headers: Record<string, string> = {}) => api.request('GET', path, { token, headers });

describe('ETag', () => {
	it.each([
		'/api/server/ping',
		'/api/users/me',
		'/api/admin/users',
		'/api/notifications',
		'/api/queues',
		'/api/system-config',
		'/api/admin/auth-config'
	])('GET %s returns 304 to a client that has it', async (path) => {
		const first = await get(path);
		const etag = first.headers.etag ?? '';
		expect(etag).toMatch(path.includes('config') ? /^"[\w-]+"$/ : /^W\/".+"$/);
		for (const known of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
			const again = await get(path, { 'if-none-match': known });
			expect([known, again.status, again.bytes.length]).toEqual([known, 304, 0]);
			expect(again.headers.etag).toBe(etag);
			expect(again.headers.vary).toContain('Accept-Encoding');
		}
		for (const other of ['"other"', '', 'W/"x", "y"', etag.replaceAll('"', '')])
			expect((await get(path, { 'if-none-match': other })).status).toBe(200);
	});

	it('changes with the content, and is the same for HEAD', async () => {
		const { etag } = (await get('/api/users/me')).headers;
		expect((await api.request('HEAD', '/api/users/me', { token })).headers.etag).toBe(etag);
		await api.request('PUT', '/api/users/me', { token, body: { name: 'Renamed' } });
		expect((await get('/api/users/me', { 'if-none-match': etag ?? '' })).status).toBe(200);
	});

	it('reveals nothing to a caller without access: 401 before 304', async () => {
		const reply = await api.request('GET', '/api/users/me', { headers: { 'if-none-match': '*' } });
		expect([reply.status, reply.headers.etag]).toEqual([401, undefined]);
	});

	it('does not turn a refusal or a change into 304', async () => {
		expect((await get('/api/users/nobody', { 'if-none-match': '*' })).status).toBe(400);
		const headers = { 'if-none-match': '*' };
		expect((await api.request('POST', '/api/auth/validateToken', { token, headers })).status).toBe(200);
	});
});

describe('compression', () => {
	const accept = (encoding: string) => ({ 'accept-encoding': encoding });
	const cookie = () => buildCookie(token);

	it.each([
		['gzip', gunzipSync],
		['br', brotliDecompressSync]
	])('is applied by %s to JSON that is read, with the same ETag', async (encoding, decompress) => {
		const plain = await get('/api/system-config');
		const packed = await get('/api/system-config', accept(encoding));
		expect(packed.headers['content-encoding']).toBe(encoding);
		expect(packed.headers.vary).toContain('Accept-Encoding');
		expect(packed.headers.etag).toBe(plain.headers.etag);
		expect(decompress(packed.bytes).toString()).toBe(plain.text);
		expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2);
	});

	it('is applied to a page without a query', async () => {
		const page = await api.request('GET', '/admin/users', {
			cookie: cookie(),
			headers: { ...accept('gzip'), accept: 'text/html' }
		});
		expect([page.status, page.headers['content-encoding']]).toEqual([200, 'gzip']);
		expect(gunzipSync(page.bytes).toString()).toContain('</html>');
	});

	it.each([
		['a page that can reflect its query', 'GET', '/admin/users?q=guess'],
		['a page’s data that can', 'GET', '/admin/users/__data.json?q=guess'],
		['a page behind a form', 'POST', '/account/profile?/save'],
		['a page with an error', 'GET', '/admin/users/nobody']
	])('is never applied to %s', async (_, method, path) => {
		const headers = { ...accept('gzip'), accept: 'text/html', origin: api.url, host: new URL(api.url).host };
		const reply = await api.request(method, path, {
			cookie: cookie(),
			headers,
			...(method === 'POST' && { form: {} })
		});
		expect(reply.headers).not.toHaveProperty('content-encoding');
	});

	it('is never applied to responses that contain a secret', async () => {
		const permissions = Array.from({ length: 30 }, () => 'user.read');
		const headers = accept('gzip, br');
		const made = await api.request('POST', '/api/api-keys', {
			token,
			headers,
			body: { name: 'x'.repeat(200), permissions }
		});
		expect(made.headers).not.toHaveProperty('content-encoding');
		const login = await api.request('POST', '/api/auth/login', {
			headers,
			body: { email: 'a@example.test', password: 'x' }
		});
		expect(login.headers).not.toHaveProperty('content-encoding');
	});

	it('is never applied to small responses or without being requested', async () => {
		const ping = await get('/api/server/ping', accept('gzip'));
		expect(ping.headers).not.toHaveProperty('content-encoding');
		expect(ping.headers.vary).toContain('Accept-Encoding');
		expect((await get('/api/system-config', accept('identity'))).headers).not.toHaveProperty('content-encoding');
	});
});
