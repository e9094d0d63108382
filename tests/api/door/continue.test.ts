import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';

const api = useApi();
const pathTo = (wanted: string) => `/auth/login?continue=${encodeURIComponent(wanted)}`;

const hostile = [
	'//evil.test',
	'/\\evil.test',
	'\\\\evil.test',
	'\\/evil.test',
	'///evil.test',
	'/\t/evil.test',
	'/\n/evil.test',
	'\t//evil.test',
	' //evil.test',
	'/ /evil.test/../..//evil.test',
	'/.//evil.test',
	'/..//evil.test',
	'/%2e//evil.test',
	'/x/..//evil.test',
	'https://evil.test',
	'https:evil.test',
	'https:/evil.test',
	'http://localhost@evil.test/',
	'HTTPS://evil.test',
	'javascript:alert(1)',
	'data:text/html,x',
	'evil.test',
	'@evil.test',
	'/\u0000/evil.test',
	'/\r\nset-cookie: a=b',
	'\u2028//evil.test',
	'/\u0085/evil.test',
	'//[::1]',
	''
];

describe('the redirect after sign-in', () => {
	it.each(hostile)('by form never leaves this server: %j', async (wanted) => {
		const { email } = await api.accounts.makeAdmin();
		const reply = await api.submit(pathTo(wanted), { email, password });
		expect(reply.status).toBe(303);
		const { location = '' } = reply.headers;
		expect(location).toMatch(/^\/(?![/\\])/);
		expect(new URL(location, api.url).origin).toBe(api.url);
		expect(reply.cookies.join()).not.toContain('a=b');
	});

	it.each(hostile)('for a user already signed in never leaves this server: %j', async (wanted) => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('GET', pathTo(wanted), {
			cookie: buildCookie(token),
			headers: { accept: 'text/html' }
		});
		expect(reply.status).toBe(303);
		expect(new URL(reply.headers.location ?? '', api.url).origin).toBe(api.url);
	});

	it.each(['/admin/users?q=a%20b&sort=name#top', '/account/profile', '/', '/admin/users/x%2Fy'])(
		'leads to the requested page: %s',
		async (wanted) => {
			const { email } = await api.accounts.makeAdmin();
			const reply = await api.submit(pathTo(wanted), { email, password });
			expect([reply.status, reply.headers.location]).toEqual([303, wanted]);
		}
	);

	it('uses the first of several targets', async () => {
		const { email } = await api.accounts.makeAdmin();
		const reply = await api.submit('/auth/login?continue=/account/profile&continue=//evil.test', { email, password });
		expect(reply.headers.location).toBe('/account/profile');
	});

	it('never contains a token', async () => {
		const { email } = await api.accounts.makeAdmin();
		const reply = await api.submit('/auth/login', { email, password });
		const token = /immich_access_token=([^;]+)/.exec(reply.cookies[0] ?? '')?.[1] ?? 'none';
		expect(reply.text).not.toContain(token);
		expect(reply.headers.location).not.toContain(token);
	});
});

describe('a rejected form', () => {
	it('returns the input except the password', async () => {
		await api.accounts.makeAdmin();
		const reply = await api.submit('/auth/login', { email: 'typed@example.test', password: 'typed-password' });
		expect(reply.status).toBe(401);
		expect(reply.text).toContain('typed@example.test');
		expect(reply.text).not.toContain('typed-password');
	});

	it('escapes the input', async () => {
		await api.accounts.makeAdmin();
		const reply = await api.submit('/auth/login', { email: '"><script>alert(1)</script>', password: 'x' });
		expect(reply.status).toBe(400);
		expect(reply.text).not.toContain('<script>alert(1)');
	});
});
