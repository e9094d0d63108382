import { beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';

const api = useApi();
beforeEach(() => api.reset());
const newPassword = 'another password';
const home = '203.0.113.7';

const login = (email: string, typed: string, address = home) =>
	api.request('POST', '/api/auth/login', {
		body: { email, password: typed },
		headers: { 'x-forwarded-for': address }
	});

type User = Awaited<ReturnType<typeof api.accounts.makeUser>>;
type Way = (user: User, token: string, adminToken: string) => Promise<unknown>;

const ways: Record<string, Way> = {
	'their own change': (_, token) =>
		api.request('POST', '/api/auth/change-password', { token, body: { password, newPassword } }),
	'their own change while one is required': async ({ id }, token) => {
		await api.prisma.user.update({ where: { id }, data: { shouldChangePassword: true } });
		return api.request('PUT', '/api/users/me', { token, body: { password: newPassword } });
	},
	'an admin’s update': ({ id }, _, token) =>
		api.request('PUT', `/api/admin/users/${id}`, {
			token,
			body: { password: newPassword, shouldChangePassword: false }
		}),
	'an admin’s reset': ({ id }, _, token) =>
		api.request('POST', `/api/admin/users/${id}/reset-password`, { token, body: { password: newPassword } }),
	'a reset of selected users': ({ id }, _, token) => new Batches(api, token).run({ kind: 'resetPassword', ids: [id] })
};

describe('a user’s known networks and browsers', () => {
	it.each(Object.entries(ways))('are removed after %s, and other users’ are not', async (_, change) => {
		const user = await api.accounts.makeUser();
		const other = await api.accounts.makeUser();
		const token = await api.accounts.makeSession(user.id);
		const admin = await api.accounts.signInAdmin();
		for (const { email } of [user, other]) expect((await login(email, password)).status).toBe(201);
		expect(await api.prisma.signInOrigin.count()).toBe(2);
		await change(user, token, admin.token);
		expect((await api.accounts.findUser(user.id)).password).not.toBe(user.password);
		const left = await api.prisma.signInOrigin.findMany({ select: { userId: true } });
		expect(left).toEqual([{ userId: other.id }]);
	});

	it('stay after an update that sets no password', async () => {
		const user = await api.accounts.makeUser();
		const { token } = await api.accounts.signInAdmin();
		await login(user.email, password);
		const body = { name: 'New', shouldChangePassword: true, password: '' };
		expect((await api.request('PUT', `/api/admin/users/${user.id}`, { token, body })).status).toBe(200);
		expect(await api.prisma.signInOrigin.count()).toBe(1);
	});

	it('include a network that knew the old password again only after a sign-in', async () => {
		const user = await api.accounts.makeUser();
		const token = await api.accounts.makeSession(user.id);
		await login(user.email, password);
		await ways['their own change']?.(user, token, '');
		for (let guess = 0; guess < 40; guess++) await login(user.email, 'wrong', `198.51.100.${String(guess)}`);
		expect((await login(user.email, newPassword)).status).toBe(429);
		await api.prisma.rateLimit.deleteMany({});
		expect((await login(user.email, newPassword)).status).toBe(201);
		for (let guess = 0; guess < 40; guess++) await login(user.email, 'wrong', `198.51.100.${String(guess)}`);
		expect((await login(user.email, newPassword)).status).toBe(201);
	});
});
