import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const refused = message('Cross-site request refused');
const html = { accept: 'text/html' };

describe('a credential in the query', () => {
	const foreign = { origin: 'http://evil.test', 'sec-fetch-site': 'cross-site' };

	/** Returns queries with every credential a URL can contain, for one user. */
	async function makeQueries() {
		const { user, token } = await api.accounts.signInAdmin();
		const apiKey = await api.accounts.makeApiKey(user.id);
		return { user, token, queries: [`sessionKey=${token}`, `apiKey=${apiKey}`, `x=1&sessionKey=${token}`] };
	}

	it('does not sign in to a page', async () => {
		const { queries } = await makeQueries();
		for (const query of queries)
			for (const page of ['/account/profile', '/admin/users', '/user-settings', '/auth/change-password']) {
				const reply = await api.request('GET', `${page}?${query}`, { headers: html });
				expect([reply.status, reply.headers.location]).toEqual([303, expect.stringContaining('/auth/login')]);
			}
	});

	it('opens no form to another site: sign-in, sign-out, password, profile, users', async () => {
		const { user, queries } = await makeQueries();
		const { email } = await api.accounts.makeUser();
		const forms: [string, Record<string, string>][] = [
			['/auth/login', { email, password }],
			['/auth/register', { email, password, name: 'Evil' }],
			['/auth/logout', {}],
			['/auth/change-password', { password, newPassword: 'another password' }],
			['/account/profile?/save', { name: 'Forged', email: user.email }],
			['/admin/users/new', { name: 'Forged', email: 'forged@example.test', password }]
		];
		for (const query of queries)
			for (const [path, form] of forms) {
				const address = `${path}${path.includes('?') ? '&' : '?'}${query}`;
				const reply = await api.request('POST', address, { form, headers: { ...html, ...foreign } });
				expect([path, reply.status, reply.cookies]).toEqual([path, 403, []]);
			}
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		expect(await api.accounts.countSessions(user.id)).toBe(1);
	});

	it("has no effect on a page's form, even from our own site", async () => {
		const { user, token } = await api.accounts.signIn();
		await api.submit(`/auth/logout?sessionKey=${token}`, {});
		expect(await api.accounts.countSessions(user.id)).toBe(1);
	});

	it("does not replace the cookie: only our own site signs out the cookie's session", async () => {
		const victim = await api.accounts.signIn();
		const attacker = await api.accounts.signIn();
		const path = `/auth/logout?sessionKey=${attacker.token}`;
		const cookie = buildCookie(victim.token);
		await api.request('POST', path, { form: {}, cookie, headers: foreign });
		expect(await api.accounts.countSessions(victim.user.id)).toBe(1);
		await api.submit(path, {}, cookie);
		expect(await api.accounts.countSessions(victim.user.id)).toBe(0);
		expect(await api.accounts.countSessions(attacker.user.id)).toBe(1);
	});

	it.each([
		['POST', '/api/auth/logout'],
		['POST', '/api/auth/change-password'],
		['POST', '/api/auth/session/lock'],
		['POST', '/api/api-keys'],
		['POST', '/api/admin/users'],
		['PUT', '/api/users/me'],
		['DELETE', '/api/sessions'],
		['POST', '/api/admin/maintenance']
	])('is rejected from another site for %s %s', async (method, path) => {
		const { queries } = await makeQueries();
		for (const query of queries)
			for (const headers of [foreign, { origin: 'null' }, { 'sec-fetch-site': 'same-site' }]) {
				const reply = await api.request(method, `${path}?${query}`, { form: {}, headers });
				expect([reply.status, reply.body, reply.cookies]).toEqual([403, refused, []]);
			}
	});

	it('still works for programs and our own pages', async () => {
		const { token } = await api.accounts.signIn();
		const update = (headers: Record<string, string>) =>
			api.request('PUT', `/api/users/me?sessionKey=${token}`, { body: { name: 'Mine' }, headers });
		expect((await update({})).status).toBe(200);
		expect((await update({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
	});
});
