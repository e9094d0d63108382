import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';

const api = useApi();

/** Everything users cannot set on themselves, in every spelling that a careless spread would let through. */
const forbidden = {
	id: randomUUID(),
	userId: randomUUID(),
	isAdmin: true,
	admin: true,
	role: 'admin',
	status: 'removing',
	deletedAt: '2020-01-01T00:00:00.000Z',
	createdAt: '2020-01-01T00:00:00.000Z',
	updatedAt: '2020-01-01T00:00:00.000Z',
	profileChangedAt: '2020-01-01T00:00:00.000Z',
	shouldChangePassword: true,
	quotaSizeInBytes: 1,
	quotaUsageInBytes: 1,
	storageLabel: 'taken-over',
	oauthId: 'somebody-else',
	profileImagePath: '/etc/passwd',
	clusterGroupId: randomUUID(),
	updateId: randomUUID(),
	passwordHash: 'x',
	pinCode: '123456',
	pinCodeHash: 'x',
	license: { licenseKey: 'x', activationKey: 'x', activatedAt: 'x' },
	metadata: { deleteMany: {} },
	sessions: { deleteMany: {} },
	apiKeys: { create: { name: 'x' } },
	isOnboardedBy: 'x'
};
const prototypes = ['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"isAdmin":true}}}'];
const doors = [
	['PUT', '/api/users/me', {}],
	['PATCH', '/api/users/me', {}],
	['PUT', '/api/users/me/preferences', {}],
	['PATCH', '/api/users/me/preferences', {}],
	['PUT', '/api/users/me/onboarding', { isOnboarded: true }],
	['POST', '/api/auth/validateToken', {}]
] as const;

describe.each(doors)('%s %s', (method, path, body) => {
	it.each(Object.entries(forbidden))('never sets %s', async (name, value) => {
		const { user, token } = await api.accounts.signIn();
		const given = { ...body, [name]: value };
		expect((await api.request(method, path, { token, body: given })).status).toBe(200);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		expect(await api.accounts.countSessions(user.id)).toBe(1);
	});

	it.each(prototypes)('is not affected by %s', async (raw) => {
		const { user, token } = await api.accounts.signIn();
		const given = raw.replace('{', Object.keys(body).length > 0 ? '{"isOnboarded":true,' : '{');
		const headers = { 'content-type': 'application/json' };
		expect((await api.request(method, path, { token, raw: given, headers })).status).toBe(200);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		const other = await api.accounts.signIn();
		expect((await api.request('GET', '/api/admin/users', { token: other.token })).status).toBe(403);
		expect((await api.request('GET', '/api/users/me', { token: other.token })).body).toMatchObject({ isAdmin: false });
	});
});

const asText = Object.fromEntries(
	Object.entries(forbidden).map(([name, value]) => [
		name,
		typeof value === 'object' ? JSON.stringify(value) : String(value)
	])
);

describe('forms', () => {
	it('of the user’s own profile set nothing more than they show', async () => {
		const { user, token } = await api.accounts.signIn();
		const fields = { ...asText, name: 'New', email: user.email, avatarColor: 'automatic', password: 'a new password' };
		expect((await api.submit('/account/profile?/save', fields, buildCookie(token))).status).toBe(303);
		const { updatedAt: _, updateId: __, ...after } = await api.accounts.findUser(user.id);
		expect(user).toMatchObject({ ...after, name: user.name });
		expect(after.name).toBe('New');
	});

	it('of a user set nothing more than they show', async () => {
		const { token } = await api.accounts.signInAdmin();
		const user = await api.accounts.makeUser({ storageLabel: 'kept', quotaSizeInBytes: 7n, pinCode: 'kept' });
		const fields = { ...asText, name: 'New', email: user.email, storageLabel: 'kept', quota: '7 B', isAdmin: '' };
		await api.submit(`/admin/users/${user.id}/edit`, { ...fields, password: 'a new password' }, buildCookie(token));
		const after = await api.accounts.findUser(user.id);
		const { updatedAt, updateId, name, isAdmin } = after;
		expect(name).toBe('New');
		expect(after).toEqual({ ...user, updatedAt, updateId, name, isAdmin });
	});

	it('of the own password change no one else’s', async () => {
		const { user, token } = await api.accounts.signIn();
		const other = await api.accounts.makeUser();
		const fields = { ...asText, id: other.id, userId: other.id, password, newPassword: 'a new password' };
		expect((await api.submit('/account/password', fields, buildCookie(token))).status).toBe(303);
		expect(await api.accounts.findUser(other.id)).toEqual(other);
		const { password: hash, updatedAt, updateId } = await api.accounts.findUser(user.id);
		expect(await api.accounts.findUser(user.id)).toEqual({ ...user, password: hash, updatedAt, updateId });
	});
});
