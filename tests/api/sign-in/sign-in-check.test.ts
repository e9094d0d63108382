import { beforeEach, describe, expect, it } from 'vitest';
import { signInGates } from '#lib/contract/sign-in/sign-in-check.ts';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { useSettings } from '#tests/support/change-settings.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import type { Sent } from '#tests/support/http.ts';
import { unknownId } from '#tests/support/operations.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const past = new Date(Date.now() - 60_000);

const check = async (id: string) => {
	const { token } = await api.accounts.signInAdmin();
	return { token, reply: await api.request('GET', `/api/admin/users/${id}/sign-in-check`, { token }) };
};

describe('GET /admin/users/{id}/sign-in-check', () => {
	it('returns 200 with every gate in order for a user who can sign in', async () => {
		const { user } = await api.accounts.signIn();
		const { reply } = await check(user.id);
		expect([reply.status, reply.body]).toEqual([
			200,
			{
				canSignIn: true,
				stoppedBy: null,
				remedy: null,
				gates: signInGates.map((gate) => ({ gate, state: expect.any(String) as unknown })),
				passwordExpiresAt: null,
				limitedFrom: [],
				sessionCount: 1
			}
		]);
	});

	it.each([
		['deleted', { deletedAt: past }, {}, 'notDeleted', 'restore'],
		['without a password', { password: '' }, {}, 'passwordSet', 'resetPassword'],
		['with no password at all', { password: null }, {}, 'passwordSet', 'resetPassword'],
		['with an expired one', { shouldChangePassword: true }, { expiresAt: past }, 'passwordInTime', 'renewPassword']
	])('names what blocks a user %s', async (_, fields, state, stoppedBy, remedy) => {
		const user = await api.accounts.makeUser(fields);
		if (Object.keys(state).length > 0) await api.accounts.setPasswordState(user.id, state);
		const { reply } = await check(user.id);
		expect(reply.body).toMatchObject({ canSignIn: false, stoppedBy, remedy, sessionCount: 0 });
	});

	it('reports a required password change', async () => {
		const user = await api.accounts.makeUser({ shouldChangePassword: true });
		const { reply, token } = await check(user.id);
		expect(reply.body).toMatchObject({ canSignIn: true });
		expect(await openPage(api, `/admin/users/${user.id}`, token)).toContain('must choose a new password first');
	});

	it('is stopped by the first gate for an unknown ID, and returns 400 for an invalid one', async () => {
		const { reply } = await check(unknownId);
		expect(reply.body).toMatchObject({ canSignIn: false, stoppedBy: 'exists', remedy: 'createAccount' });
		expect((await check('nonsense')).reply.status).toBe(400);
	});
});

describe('with password sign-in off', () => {
	describe('and OAuth off', () => {
		useSettings(api, { system: { passwordLogin: { enabled: false } } });

		it('names the setting', async () => {
			const user = await api.accounts.makeUser({ oauthId: 'linked elsewhere' });
			const { reply, token } = await check(user.id);
			expect(reply.body).toMatchObject({ stoppedBy: 'passwordSignIn', remedy: 'allowPasswords' });
			expect(await openPage(api, `/admin/users/${user.id}`, token)).toContain('Turn on password sign-in');
		});
	});

	describe('and OAuth on', () => {
		useSettings(api, { system: { passwordLogin: { enabled: false }, oauth: { enabled: true } } });

		it('admits linked users and reports a missing link', async () => {
			const [linked, other] = [await api.accounts.makeUser({ oauthId: 'linked' }), await api.accounts.makeUser()];
			expect((await check(linked.id)).reply.body).toMatchObject({ canSignIn: true });
			expect((await check(other.id)).reply.body).toMatchObject({ stoppedBy: 'oauthLinked' });
		});
	});
});

describe('DELETE /admin/users/{id}/sign-in-attempts', () => {
	const address = '203.0.113.7';
	const login = (email: string, typed = password) =>
		api.request('POST', '/api/auth/login', {
			body: { email, password: typed },
			headers: { 'x-forwarded-for': address }
		});
	const forget = (id: string, sent: Sent) => api.request('DELETE', `/api/admin/users/${id}/sign-in-attempts`, sent);

	/** Makes a user with no attempts left, by their own wrong passwords or by everyone's at that address. */
	async function makeLimited(what: 'sign-in:' | 'sign-in-from:' = 'sign-in:') {
		const user = await api.accounts.makeUser({ name: 'Bob' });
		await login(user.email, 'wrong');
		await api.prisma.rateLimit.updateMany({ where: { key: { startsWith: what } }, data: { points: 1_000 } });
		expect((await login(user.email)).status).toBe(429);
		return user;
	}
	beforeEach(() => api.reset());

	it.each(['sign-in:', 'sign-in-from:'] as const)('returns 204 and allows signing in again: %s', async (what) => {
		const user = await makeLimited(what);
		const found = await check(user.id);
		expect(found.reply.body).toMatchObject({
			canSignIn: true,
			limitedFrom: [{ network: address, until: expect.stringMatching(/Z$/) as unknown }]
		});
		expect(found.reply.body).toMatchObject({
			gates: expect.arrayContaining([{ gate: 'triesLeft', state: 'notice' }]) as unknown
		});
		expect((await forget(user.id, { token: found.token })).status).toBe(204);
		expect((await check(user.id)).reply.body).toMatchObject({ limitedFrom: [] });
		expect((await login(user.email)).status).toBe(201);
		expect(await new AuditLog(api, found.token).story('action=user.allowSignIn')).toHaveLength(1);
	});

	it('clears nothing of other users', async () => {
		const [one, other] = [await makeLimited(), await makeLimited()];
		await api.prisma.rateLimit.updateMany({ where: { key: { startsWith: 'sign-in:' } }, data: { points: 20 } });
		const { token } = await api.accounts.signInAdmin();
		await forget(one.id, { token });
		expect((await login(one.email)).status).toBe(201);
		expect((await login(other.email)).status).toBe(429);
	});

	it('also happens through a form and when setting a new password', async () => {
		const user = await makeLimited();
		const { token } = await api.accounts.signInAdmin();
		const page = `/admin/users/${user.id}`;
		expect(await openPage(api, page, token)).toContain('Locked out from these addresses');
		expect((await fillIn(api, page, token, { by: { action: '?/forgetAttempts' } })).status).toBe(303);
		expect((await login(user.email)).status).toBe(201);
		const again = await makeLimited();
		const body = { password: 'a given password' };
		expect(
			(await api.request('POST', `/api${page.replace(user.id, again.id)}/reset-password`, { token, body })).status
		).toBe(200);
		expect((await login(again.email, body.password)).status).toBe(201);
	});

	it('returns 401 without a credential, 403 for users and keys without the permission, 400 for wrong IDs', async () => {
		const user = await makeLimited();
		const admin = await api.accounts.signInAdmin();
		const apiKey = await api.accounts.makeApiKey(admin.user.id, ['adminUser.read']);
		const keyOfUser = await api.accounts.makeApiKey(user.id, ['all']);
		const { token } = await api.accounts.signIn();
		const refusals = [{}, { token }, { apiKey: keyOfUser }, { apiKey }].map((sent) => forget(user.id, sent));
		expect((await Promise.all(refusals)).map(({ status }) => status)).toEqual([401, 403, 403, 403]);
		expect((await forget('nonsense', { token: admin.token })).status).toBe(400);
		const reply = await forget(unknownId, { token: admin.token });
		expect([reply.status, reply.body]).toEqual([400, message('User not found')]);
		expect((await login(user.email)).status).toBe(429);
	});
});
