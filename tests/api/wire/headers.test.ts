import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import type { Sent } from '#tests/support/http.ts';

const api = useApi();
const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** One request for every kind of response. */
const answers: [string, string, string, Sent][] = [
	['a success', 'GET', '/api/server/ping', {}],
	['an answer without a body', 'HEAD', '/api/server/ping', {}],
	['a 400', 'POST', '/api/auth/login', { body: {} }],
	['a 401', 'GET', '/api/users/me', {}],
	['a 404 of the interface', 'GET', '/api/nope', {}],
	['a 404 of a page', 'GET', '/nope', { headers: { accept: 'text/html' } }],
	['a 413', 'POST', '/api/auth/login', { raw: 'x'.repeat(70_000) }],
	['a page', 'GET', '/auth/register', { headers: { accept: 'text/html' } }],
	['a redirect', 'GET', '/account/profile', { headers: { accept: 'text/html' } }],
	['a refused form', 'POST', '/auth/login', { form: {}, headers: { origin: 'http://evil.test' } }],
	['a list', 'GET', '/api/admin/users', {}]
];

describe('the correlation ID', () => {
	it.each(answers)('is in both headers of %s', async (_, method, path, sent) => {
		const { headers } = await api.request(method, path, sent);
		expect(headers['x-correlation-id']).toMatch(uuid);
		expect(headers['x-immich-cid']).toBe(headers['x-correlation-id']);
	});

	it.each(answers)('from the caller is used in %s', async (_, method, path, sent) => {
		const headers = { ...sent.headers, 'x-correlation-id': 'My.Trace:1-a_b' };
		const reply = await api.request(method, path, { ...sent, headers });
		expect(reply.headers['x-correlation-id']).toBe('My.Trace:1-a_b');
	});

	it.each(['', ' ', 'a b', '<script>', 'x'.repeat(101), 'a,b', 'é', '"', '{}', '${jndi:ldap://x}'])(
		'from the caller is replaced if it is %j',
		async (sent) => {
			const reply = await api.request('GET', '/api/server/ping', { headers: { 'x-correlation-id': sent } });
			expect(reply.headers['x-correlation-id']).toMatch(uuid);
		}
	);

	it('differs between requests', async () => {
		const ids = await Promise.all(
			Array.from({ length: 10 }, async () => (await api.request('GET', '/api/server/ping')).headers['x-correlation-id'])
		);
		expect(new Set(ids).size).toBe(10);
	});
});

describe('every response', () => {
	it.each(answers)('protects the browser: %s', async (_, method, path, sent) => {
		const { headers } = await api.request(method, path, sent);
		expect(headers).toMatchObject({
			'x-content-type-options': 'nosniff',
			'x-frame-options': 'DENY',
			'cross-origin-opener-policy': 'same-origin',
			'cache-control': 'no-store'
		});
		expect(headers).not.toHaveProperty('x-powered-by');
		expect(headers).not.toHaveProperty('server');
	});

	it('with a page has a content security policy without inline scripts', async () => {
		const { headers } = await api.request('GET', '/auth/register', { headers: { accept: 'text/html' } });
		const policy = String(headers['content-security-policy']);
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("frame-ancestors 'none'");
		expect(policy).toContain("base-uri 'none'");
		expect(policy).not.toMatch(/script-src[^;]*unsafe/);
	});

	it('of the API is JSON and reveals no internals', async () => {
		for (const [, method, path, sent] of answers.filter(([, , route]) => route.startsWith('/api/'))) {
			const reply = await api.request(method, path, sent);
			expect(reply.headers['content-type']).toMatch(/^application\/json/);
			expect(reply.text).not.toMatch(/prisma|node_modules|postgres|stack|at \w+ \(/i);
		}
	});
});

describe('paths in unusual spellings', () => {
	it.each(['/%61pi/users/me', '/api/%2e%2e/users/me', '//api/users/me', '/api/users/me%2f', '/api;/users/me'])(
		'%s bypasses nothing',
		async (path) => {
			const { user, token } = await api.accounts.signIn();
			const reply = await api.request('GET', path, { token });
			expect(reply.status).toBeGreaterThanOrEqual(300);
			expect(reply.status).toBeLessThan(500);
			expect(reply.text).not.toContain(user.email);
		}
	);

	it.each(['/api/%75sers/me', '/api/admin/%75sers', '/admin/%75sers', '/%61dmin/users', '/admin/users/__data%2ejson'])(
		'%s requires the same as the plain path',
		async (path) => {
			const { token } = await api.accounts.signIn();
			expect([303, 401, 404]).toContain((await api.request('GET', path)).status);
			const reply = await api.request('GET', path, { token });
			if (path.includes('dmin')) expect([403, 404]).toContain(reply.status);
		}
	);

	it.each([
		'/%',
		'/api/%',
		'/api/users/%ff',
		'/%c0%ae%c0%ae/',
		'/api/users/%00',
		'/..%2f..%2fetc/passwd',
		'/_auth/..%2f..%2fpackage.json'
	])('%s causes no failure and returns no file', async (path) => {
		const { token } = await api.accounts.signIn();
		const reply = await api.request('GET', path, { token });
		expect(reply.status).toBeGreaterThanOrEqual(400);
		expect(reply.status).toBeLessThan(500);
	});

	it.each(['http://evil.test/api/users/me', 'http://evil.test/account/profile', 'https://[::1]/', 'x', '*', '?x', '#'])(
		'%s as the whole target causes no failure and no redirect elsewhere',
		async (target) => {
			const reply = await api.request('GET', target, { headers: { accept: 'text/html' } });
			expect([303, 400, 401, 404]).toContain(reply.status);
			// Only a redirect has a location, and it stays on this server.
			expect(reply.headers.location ?? 'none').toMatch(reply.status === 303 ? /^\/(?!\/)/ : /^none$/);
			expect((await api.request('GET', '/api/server/ping')).status).toBe(200);
		}
	);
});
