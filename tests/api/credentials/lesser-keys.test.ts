import { describe, expect, it } from 'vitest';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const needsAll = message('Missing required permission: all');

let count = 0;
const newEmail = () => `key-${(count += 1)}@example.test`;

async function adminKey(...permissions: AnyPermission[]) {
	const { user } = await api.accounts.signInAdmin();
	return { user, apiKey: await api.accounts.makeApiKey(user.id, permissions) };
}

describe('a key without `all`', () => {
	it.each<[string, object]>([
		['a password', { password: 'another password' }],
		['a password that need not be changed', { password: 'another password', shouldChangePassword: false }],
		['the role', { isAdmin: true }],
		['the email', { email: 'taken-over@example.test' }],
		['a PIN', { pinCode: '123456' }],
		['the removal of a PIN', { pinCode: null }],
		['that a change is required', { shouldChangePassword: true }],
		['the role beside a name', { name: 'New', isAdmin: true }]
	])('returns 403 for %s with adminUser.update, and changes nothing', async (_, body) => {
		const { apiKey } = await adminKey('adminUser.update');
		for (const user of [await api.accounts.makeUser({ pinCode: 'a hash' }), await api.accounts.makeAdmin()]) {
			if ('isAdmin' in body && user.isAdmin) continue;
			const reply = await api.request('PUT', `/api/admin/users/${user.id}`, { apiKey, body });
			expect([reply.status, reply.body]).toEqual([403, needsAll]);
			expect(await api.accounts.findUser(user.id)).toEqual(user);
		}
	});

	it('returns 403 for withdrawing a required password change or demoting an admin', async () => {
		const { apiKey } = await adminKey('adminUser.update');
		const waiting = await api.accounts.makeUser({ shouldChangePassword: true });
		const other = await api.accounts.makeAdmin();
		for (const [id, body] of [
			[waiting.id, { shouldChangePassword: false }],
			[other.id, { isAdmin: false }]
		] as const)
			expect((await api.request('PUT', `/api/admin/users/${id}`, { apiKey, body })).body).toEqual(needsAll);
	});

	it('returns 200 for unchanged email, role and flag, and for fields that grant no access', async () => {
		const { apiKey } = await adminKey('adminUser.update');
		const { id, email } = await api.accounts.makeUser();
		const same = { email: email.toUpperCase(), isAdmin: false, shouldChangePassword: false, password: '' };
		const body = { ...same, name: 'New', quotaSizeInBytes: 5 };
		expect((await api.request('PUT', `/api/admin/users/${id}`, { apiKey, body })).body).toMatchObject({ name: 'New' });
	});

	it.each([
		['POST', 'reset-password'],
		['DELETE', 'pin-code'],
		['DELETE', 'api-keys'],
		['DELETE', 'sign-in-attempts']
	])('returns 403 for %s /admin/users/{id}/%s with adminUser.update', async (method, path) => {
		const { apiKey } = await adminKey('adminUser.update', 'adminUser.read');
		const user = await api.accounts.makeUser({ pinCode: 'a hash' });
		const reply = await api.request(method, `/api/admin/users/${user.id}/${path}`, { apiKey });
		expect([reply.status, reply.body]).toEqual([403, needsAll]);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('returns 403 for creating an admin with adminUser.create, and 201 for a user', async () => {
		const { apiKey } = await adminKey('adminUser.create');
		const create = (fields: object) =>
			api.request('POST', '/api/admin/users', {
				apiKey,
				body: { email: newEmail(), name: 'New', password, ...fields }
			});
		const reply = await create({ isAdmin: true });
		expect([reply.status, reply.body]).toEqual([403, needsAll]);
		expect((await create({ isAdmin: false })).status).toBe(201);
	});

	it.each(['PUT', 'PATCH'])("returns 403 for the caller's own email and password with %s /users/me", async (method) => {
		const user = await api.accounts.makeUser();
		const apiKey = await api.accounts.makeApiKey(user.id, ['user.update', 'auth.changePassword']);
		for (const fields of [{ email: newEmail() }, { password: 'another password' }]) {
			const body = { ...fields, currentPassword: password };
			const reply = await api.request(method, '/api/users/me', { apiKey, body });
			expect([reply.status, reply.body]).toEqual([403, needsAll]);
		}
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		const body = { email: user.email, name: 'New' };
		expect((await api.request(method, '/api/users/me', { apiKey, body })).status).toBe(200);
	});

	it.each([
		['oauth', { issuerUrl: 'https://id.evil.example', roleClaim: 'role', autoRegister: true }],
		['passwordLogin', { enabled: false }]
	] as const)('returns 403 for %s with adminConfig.update, and 200 for other settings', async (group, fields) => {
		const { apiKey } = await adminKey('adminConfig.update');
		const put = (body: object) => api.request('PUT', '/api/admin/config', { apiKey, body });
		const reply = await put({ ...systemConfigDefaults, [group]: { ...systemConfigDefaults[group], ...fields } });
		expect([reply.status, reply.body]).toEqual([403, needsAll]);
		expect((await put({ ...systemConfigDefaults, trash: { enabled: true, days: 7 + count } })).status).toBe(200);
	});

	it.each([
		['passwords', { enforceChange: false, allowCommon: true }],
		['sessions', { web: { idleDays: 3650, lifetimeDays: 0 } }],
		['credentials', { acceptInQuery: false }],
		['cookies', { alwaysSecure: true }]
	] as const)('returns 403 for the security settings of %s with adminConfig.update', async (group, fields) => {
		const { apiKey } = await adminKey('adminConfig.update');
		const put = (body: object) => api.request('PUT', '/api/admin/auth-config', { apiKey, body });
		const changed = { ...immichAuthConfigDefaults[group], ...fields };
		const reply = await put({ ...immichAuthConfigDefaults, [group]: changed });
		expect([reply.status, reply.body]).toEqual([403, needsAll]);
		expect((await put(immichAuthConfigDefaults)).status).toBe(200);
	});
});

describe('a key with `all`', () => {
	it("changes another user's credentials and role", async () => {
		const { apiKey } = await adminKey('all');
		const { id } = await api.accounts.makeUser();
		const body = { isAdmin: true, email: newEmail(), password: 'another password', pinCode: '123456' };
		expect((await api.request('PUT', `/api/admin/users/${id}`, { apiKey, body })).status).toBe(200);
		expect((await api.request('POST', `/api/admin/users/${id}/reset-password`, { apiKey, body: {} })).status).toBe(200);
	});

	it("changes its owner's email only with the current password", async () => {
		const { id } = await api.accounts.makeUser();
		const apiKey = await api.accounts.makeApiKey(id);
		const email = newEmail();
		const change = (fields: object) => api.request('PUT', '/api/users/me', { apiKey, body: { email, ...fields } });
		expect((await change({})).body).toEqual(message('Current password is required'));
		expect((await change({ currentPassword: password })).body).toMatchObject({ email });
	});
});

describe('a key with one of our own permissions', () => {
	it.each([
		['adminUser.forcePw', 'POST', 'force-password-change', 200],
		['adminSession.delete', 'DELETE', 'sessions', 204],
		['adminAuth.unlink', 'DELETE', 'oauth', 200]
	] as const)('%s allows %s /admin/users/{id}/%s', async (permission, method, path, status) => {
		const { user, token } = await api.accounts.signInAdmin();
		const body = { permissions: [permission] };
		const made = await api.request('POST', '/api/api-keys', { token, body });
		expect(made.status).toBe(201);
		// Strict official clients parse this response.
		expect(made.body).toMatchObject({ permissions: [], apiKey: { permissions: [] } });
		const { id, secret: apiKey } = made.body as { id: string; secret: string };
		const shown = await api.request('GET', `/api/api-keys/${id}/details`, { token });
		expect(shown.body).toMatchObject({ permissions: [permission] });
		const other = await api.accounts.makeUser();
		expect((await api.request(method, `/api/admin/users/${other.id}/${path}`, { apiKey })).status).toBe(status);
		expect((await api.request('GET', `/api/admin/users/${user.id}`, { apiKey })).status).toBe(403);
	});

	it.each(['/api/api-keys', '/api/api-keys/details'])(
		'POST %s replaces former permission names with their successors',
		async (path) => {
			const { token } = await api.accounts.signIn();
			const body = { permissions: ['album.addAsset', 'adminTag.*', 'asset.create', 'asset.upload'] };
			const reply = await api.request('POST', path, { token, body });
			const stands = ['albumAsset.create', 'tag.read', 'tag.create', 'tag.update', 'tag.delete', 'asset.upload'];
			expect([reply.status, reply.body]).toEqual([201, expect.objectContaining({ permissions: stands })]);
		}
	);
});
