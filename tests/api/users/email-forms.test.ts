import { beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { Notifications } from '#tests/support/notifications.ts';

const api = useApi();
const notifications = new Notifications(api);
beforeEach(() => api.reset());

/** As Immich stores it; here lookups and forms also use the Unicode form. */
const stored = 'jo@xn--bcher-kva.example';
const forms = [stored, 'jo@bücher.example', 'JO@Bücher.Example', 'JO@XN--BCHER-KVA.EXAMPLE'];
const anHourAgo = () => new Date(Date.now() - 60 * 60_000);
const home = '203.0.113.7';

const findEmailOrigin = (userId: string) => api.prisma.emailOrigin.findUnique({ where: { userId } });
const login = (email: string, typed: string, address: string) =>
	api.request('POST', '/api/auth/login', {
		body: { email, password: typed },
		headers: { 'x-forwarded-for': address }
	});

describe('an email that is stored with its domain in ASCII', () => {
	it.each(forms)('is unchanged when its owner sends %s, and needs no proof', async (email) => {
		const user = await api.accounts.makeUser({ email: stored }, 'self');
		const token = await api.accounts.makeSession(user.id, { createdAt: anHourAgo() });
		const reply = await api.request('PUT', '/api/users/me', { token, body: { email, name: 'New' } });
		expect([reply.status, reply.body]).toMatchObject([200, { email: stored, name: 'New' }]);
		const same = await api.accounts.findUser(user.id);
		expect((await api.request('PUT', '/api/users/me', { token, body: { email } })).status).toBe(200);
		expect(await api.accounts.findUser(user.id)).toEqual(same);
		expect(await notifications.listReceived(user.id)).toEqual([]);
	});

	it.each(forms)('is neither changed nor vouched for when an admin sends %s', async (email) => {
		const user = await api.accounts.makeUser({ email: stored }, 'self');
		const before = await findEmailOrigin(user.id);
		const { user: admin } = await api.accounts.signInAdmin();
		// A key that can update users, but not how they sign in.
		const apiKey = await api.accounts.makeApiKey(admin.id, ['adminUser.update']);
		const reply = await api.request('PUT', `/api/admin/users/${user.id}`, { apiKey, body: { email, name: 'New' } });
		expect([reply.status, reply.body]).toMatchObject([200, { email: stored, name: 'New' }]);
		expect(await findEmailOrigin(user.id)).toEqual(before);
		expect(await notifications.listReceived(user.id)).toEqual([]);
	});

	it('is unchanged for an admin’s own user, and a different one still needs a proof', async () => {
		const user = await api.accounts.makeAdmin({ email: stored });
		const token = await api.accounts.makeSession(user.id, { createdAt: anHourAgo() });
		const update = (email: string) => api.request('PUT', `/api/admin/users/${user.id}`, { token, body: { email } });
		for (const email of forms) expect((await update(email)).status).toBe(200);
		expect((await update('jo@bucher.example')).status).toBe(400);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('confirms deleting its user in either form', async () => {
		const { token } = await api.accounts.signInAdmin();
		for (const confirmation of forms) {
			const { id } = await api.accounts.makeUser({ email: stored });
			const page = `/admin/users/${id}/delete`;
			const reply = await api.submit(page, { force: 'on', confirmation }, buildCookie(token));
			expect(reply.status, confirmation).toBe(303);
			expect(await api.prisma.user.count({ where: { id } })).toBe(0);
		}
	});

	it('is one user to the sign-in limit and to admins who check it', async () => {
		const { id } = await api.accounts.makeUser({ email: stored });
		for (const email of [stored, 'jo@bücher.example']) expect((await login(email, password, home)).status).toBe(201);
		expect(await api.prisma.signInOrigin.count({ where: { userId: id } })).toBe(1);
		for (let guess = 0; guess < 42; guess++) {
			const reply = await login(forms[guess % 2] ?? '', 'wrong', `198.51.100.${String(guess)}`);
			expect(reply.status).toBe(guess < 40 ? 401 : 429);
		}
		for (const email of forms) expect((await login(email, password, home)).status).toBe(201);
		const { token } = await api.accounts.signInAdmin();
		const check = await api.request('GET', `/api/admin/users/${id}/sign-in-check`, { token });
		expect(check.body).toMatchObject({ limitedFrom: [{ network: 'all unknown networks' }] });
		await api.request('DELETE', `/api/admin/users/${id}/sign-in-attempts`, { token });
		expect((await login(stored, password, '192.0.2.200')).status).toBe(201);
	});

	it('is taken for an import, even if its user is created in between', async () => {
		const { token } = await api.accounts.signInAdmin();
		const batches = new Batches(api, token);
		const draft = await batches.draftImport('email,name\njo@bücher.example,Jo\nan@bücher.example,An\n');
		await api.accounts.makeUser({ email: stored });
		await batches.start(draft.id);
		await batches.finish(draft.id);
		const items = await batches.listItems(draft.id);
		expect(items.map(({ outcome, reason }) => [outcome, reason])).toEqual([
			['failed', 'This email is already in use'],
			['done', null]
		]);
	});
});
