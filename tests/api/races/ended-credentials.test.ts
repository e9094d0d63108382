import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { advisoryLock, userRow, whileItWaits } from '#tests/support/held.ts';
import { comeBack, configureOAuth, redirectUri } from '#tests/support/oauth.ts';
import { Oidc } from '#tests/support/oidc.ts';
import { buildMultipart, createPicture } from '#tests/support/pictures.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const pinCode = '123456';
type Call = readonly [method: string, path: string, body?: object];

const isAdminLost = { isAdmin: false };
const setPin = (token: string) => api.request('POST', '/api/auth/pin-code', { token, body: { pinCode } });

/** Everything belonging to a user that the user or an admin could change. */
async function getState(id: string) {
	const [user, sessions, keys, state] = await Promise.all([
		api.prisma.user.findUnique({ where: { id } }),
		api.prisma.session.findMany({
			where: { userId: id },
			select: { id: true, pinExpiresAt: true },
			orderBy: { id: 'asc' }
		}),
		api.prisma.apiKey.findMany({
			where: { userId: id },
			select: { id: true, key: true, name: true },
			orderBy: { id: 'asc' }
		}),
		api.prisma.passwordState.findUnique({ where: { userId: id } })
	]);
	return { user, sessions, keys, state };
}

describe('a session that ends while its request waits', () => {
	it.each<[string, Call, { withPin?: true; fields?: object }]>([
		['changes no password', ['POST', '/auth/change-password', { password, newPassword: 'another password' }], {}],
		['sets no first password', ['PUT', '/users/me', { password: 'another password' }], { fields: { password: null } }],
		['changes no email', ['PUT', '/users/me', { email: 'new@example.test' }], {}],
		['changes no name', ['PUT', '/users/me', { name: 'New' }], {}],
		['sets no PIN', ['POST', '/auth/pin-code', { pinCode }], {}],
		['changes no PIN', ['PUT', '/auth/pin-code', { pinCode, newPinCode: '654321' }], { withPin: true }],
		['removes no PIN', ['DELETE', '/auth/pin-code', { pinCode }], { withPin: true }],
		['unlocks nothing', ['POST', '/auth/session/unlock', { pinCode }], { withPin: true }],
		['creates no API key', ['POST', '/api-keys', { permissions: ['all'] }], {}],
		['starts no other session', ['POST', '/sessions', {}], {}],
		['removes no picture', ['DELETE', '/users/profile-image'], { fields: { profileImagePath: 'profile/me.webp' } }],
		['removes no license', ['DELETE', '/users/me/license'], {}],
		['unlinks no provider', ['POST', '/oauth/unlink'], { fields: { oauthId: 'ann' } }]
	])('%s', async (_, [method, path, body], { withPin, fields }) => {
		const { user, token } = await api.accounts.signIn(fields);
		const spare = await api.accounts.makeSession(user.id);
		if (withPin) expect((await setPin(token)).status).toBe(204);
		const before = await getState(user.id);
		const ended = { token: hashSecret(token) };
		const reply = await whileItWaits(
			api,
			userRow(user.id),
			() => api.request(method, `/api${path}`, { token, ...(body && { body }) }),
			() => api.prisma.session.deleteMany({ where: ended })
		);
		expect([reply.status, reply.body]).toEqual([401, message('Invalid user token')]);
		const after = await getState(user.id);
		expect({ ...after, sessions: [] }).toEqual({ ...before, sessions: [] });
		expect(after.sessions).toHaveLength(1);
		expect((await api.request('GET', '/api/users/me', { token: spare })).status).toBe(200);
	});

	it('changes no preferences', async () => {
		const { user, token } = await api.accounts.signIn();
		const reply = await whileItWaits(
			api,
			userRow(user.id),
			() => api.request('PUT', '/api/users/me/preferences', { token, body: { tags: { enabled: true } } }),
			() => api.prisma.session.deleteMany({ where: { userId: user.id } })
		);
		expect(reply.status).toBe(401);
		expect(await api.prisma.userMetadata.count({ where: { userId: user.id } })).toBe(0);
	});

	it('sets no picture', async () => {
		const { user, token } = await api.accounts.signIn();
		const picture = await buildMultipart(await createPicture('jpeg'));
		const reply = await whileItWaits(
			api,
			userRow(user.id),
			() => api.request('POST', '/api/users/profile-image', { token, ...picture }),
			() => api.prisma.session.deleteMany({ where: { userId: user.id } })
		);
		expect(reply.status).toBe(401);
		expect((await api.accounts.findUser(user.id)).profileImagePath).toBe('');
	});

	it('deletes and rotates no API key', async () => {
		for (const [method, below] of [
			['DELETE', ''],
			['POST', '/rotate']
		] as const) {
			const { user, token } = await api.accounts.signIn();
			await api.accounts.makeApiKey(user.id);
			const { keys } = await getState(user.id);
			const reply = await whileItWaits(
				api,
				userRow(user.id),
				() => api.request(method, `/api/api-keys/${keys[0]?.id}${below}`, { token }),
				() => api.prisma.session.deleteMany({ where: { userId: user.id } })
			);
			expect(reply.status).toBe(401);
			expect((await getState(user.id)).keys).toEqual(keys);
		}
	});
});

describe('an API key that is rotated while its request waits', () => {
	it.each<[string, Call]>([
		['changes no password', ['POST', '/auth/change-password', { password, newPassword: 'another password' }]],
		['sets no PIN', ['POST', '/auth/pin-code', { pinCode }]],
		['creates no API key', ['POST', '/api-keys', { permissions: ['all'] }]]
	])('%s', async (_, [method, path, body]) => {
		const { user } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id);
		const before = await api.accounts.findUser(user.id);
		const reply = await whileItWaits(
			api,
			userRow(user.id),
			() => api.request(method, `/api${path}`, { apiKey, body }),
			() => api.prisma.apiKey.updateMany({ where: { userId: user.id }, data: { key: hashSecret('another') } })
		);
		expect([reply.status, reply.body]).toEqual([401, message('Invalid API key')]);
		expect(await api.accounts.findUser(user.id)).toEqual(before);
		expect(await api.prisma.apiKey.count({ where: { userId: user.id } })).toBe(1);
	});
});

describe('an admin who is demoted or signed out while the request waits', () => {
	const calls: [string, (id: string) => Call, { isDeleted?: true }?][] = [
		['updates no user', (id) => ['PUT', `/admin/users/${id}`, { name: 'New' }]],
		['sets no password', (id) => ['PUT', `/admin/users/${id}`, { password: 'another password' }]],
		['promotes no one', (id) => ['PUT', `/admin/users/${id}`, { isAdmin: true }]],
		['deletes no user', (id) => ['DELETE', `/admin/users/${id}`, {}]],
		['removes no user', (id) => ['DELETE', `/admin/users/${id}`, { force: true }]],
		['restores no user', (id) => ['POST', `/admin/users/${id}/restore`], { isDeleted: true }],
		['resets no password', (id) => ['POST', `/admin/users/${id}/reset-password`, {}]],
		['requires no new password', (id) => ['POST', `/admin/users/${id}/force-password-change`]],
		['clears no PIN', (id) => ['DELETE', `/admin/users/${id}/pin-code`]],
		['ends no sessions', (id) => ['DELETE', `/admin/users/${id}/sessions`]],
		['ends no API keys', (id) => ['DELETE', `/admin/users/${id}/api-keys`]],
		['unlinks no one', (id) => ['DELETE', `/admin/users/${id}/oauth`]]
	];
	const endings = {
		demoted: (id: string) => api.prisma.user.update({ where: { id }, data: isAdminLost }),
		'signed out': (id: string) => api.prisma.session.deleteMany({ where: { userId: id } })
	};

	it.each(
		calls.flatMap(([title, buildCall, options]) =>
			(['demoted', 'signed out'] as const).map((how) => [how, title, buildCall, options] as const)
		)
	)('%s, %s', async (how, _, buildCall, options) => {
		const admin = await api.accounts.signInAdmin();
		await api.accounts.makeAdmin();
		const deleted = { deletedAt: new Date(), status: 'deleted' };
		const { user } = await api.accounts.signIn({ pinCode: 'a hash', ...(options?.isDeleted && deleted) });
		await api.accounts.makeApiKey(user.id);
		const before = await getState(user.id);
		const [method, path, body] = buildCall(user.id);
		const reply = await whileItWaits(
			api,
			userRow(user.id),
			() => api.request(method, `/api${path}`, { token: admin.token, ...(body && { body }) }),
			() => endings[how](admin.user.id)
		);
		expect(reply.status).toBe(how === 'demoted' ? 403 : 401);
		expect(await getState(user.id)).toEqual(before);
	});

	it('deletes no user after waiting for the lock on admin changes', async () => {
		const admin = await api.accounts.signInAdmin();
		const { user } = await api.accounts.signIn();
		const before = await getState(user.id);
		const reply = await whileItWaits(
			api,
			advisoryLock('immich_auth.admins'),
			() => api.request('DELETE', `/api/admin/users/${user.id}`, { token: admin.token, body: {} }),
			() => endings.demoted(admin.user.id)
		);
		expect(reply.status).toBe(403);
		expect(await getState(user.id)).toEqual(before);
	});
});

describe('with a provider', () => {
	let oidc: Oidc;
	beforeAll(async () => {
		const claims = { ann: { email: 'ann@example.test', email_verified: true } };
		oidc = await Oidc.start({ redirectUris: [redirectUri], claims });
	});
	beforeEach(() => configureOAuth(api, oidc));
	afterAll(() => oidc.close());

	it('a session that ends while its request waits links no identity', async () => {
		const { user, token } = await api.accounts.signIn();
		const { url, cookie } = await comeBack(api, oidc, 'ann');
		const reply = await whileItWaits(
			api,
			userRow(user.id),
			() => api.request('POST', '/api/oauth/link', { token, cookie, body: { url } }),
			() => api.prisma.session.deleteMany({ where: { userId: user.id } })
		);
		expect(reply.status).toBe(401);
		expect(await api.prisma.oAuthIdentity.count({ where: { userId: user.id } })).toBe(0);
		expect((await api.accounts.findUser(user.id)).oauthId).toBe('');
	});
});

describe('a token of one maintenance period', () => {
	it('does not end the next one, started while the request waited', async () => {
		const { token } = await api.accounts.signInAdmin();
		const begun = await api.request('POST', '/api/admin/maintenance', { token, body: { action: 'start' } });
		const [, pass = ''] = /immich_maintenance_token=([^;]+)/.exec(begun.cookies.join('\n')) ?? [];
		const secret = 'f'.repeat(128);
		const next = { isMaintenanceMode: true, secret, action: { action: 'start' } };
		const where = { key: 'maintenance-mode' };
		const reply = await whileItWaits(
			api,
			advisoryLock('immich_auth.maintenance'),
			() => api.request('POST', '/api/admin/maintenance', { token: pass, body: { action: 'end' } }),
			() => api.prisma.systemMetadata.update({ where, data: { value: next } })
		);
		expect([reply.status, reply.body]).toEqual([401, message('Invalid JWT Token')]);
		expect(await api.prisma.systemMetadata.findUnique({ where })).toMatchObject({ value: next });
	});
});
