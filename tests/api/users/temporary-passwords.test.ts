import { describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { PasswordResetResponseDto } from '#lib/contract/users/user-admin.ts';
import { UserAdminResponseDto } from '#lib/contract/users/user.ts';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { accountShape, anyIso, message, tooLongIssue, tooShortIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const unknownId = '00000000-0000-4000-a000-000000000000';
const readable = /^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/;
const dayMs = 86_400_000;
const login = (email: string, given: string) =>
	api.request('POST', '/api/auth/login', { body: { email, password: given } });
const signInForToken = async (email: string, given: string) =>
	LoginResponseDto.parse((await login(email, given)).body).accessToken;
const isGated = async (token: string) => (await api.request('GET', '/api/users', { token })).status === 403;
const getState = (userId: string) => api.prisma.passwordState.findUnique({ where: { userId } });
const asAdmin = async (method: string, path: string, body?: unknown) => {
	const { user, token } = await api.accounts.signInAdmin();
	return { admin: user, reply: await api.request(method, path, { token, ...(body !== undefined && { body }) }) };
};

describe('POST /admin/users/{id}/reset-password', () => {
	const reset = (id: string, body?: unknown) => asAdmin('POST', `/api/admin/users/${id}/reset-password`, body);

	it.each([[undefined], [{}]])(
		'returns 200 with a readable password, its expiry in 7 days, and the user for %j',
		async (body) => {
			const user = await api.accounts.makeUser();
			const { admin, reply } = await reset(user.id, body);
			expect(reply.status).toBe(200);
			expect(reply.body).toEqual({
				user: accountShape({ id: user.id, shouldChangePassword: true }),
				password: expect.stringMatching(readable) as unknown,
				expiresAt: anyIso
			});
			const { expiresAt, password: temporary } = PasswordResetResponseDto.parse(reply.body);
			expect(Math.abs(Date.parse(expiresAt) - Date.now() - 7 * dayMs)).toBeLessThan(60_000);
			expect(await getState(user.id)).toMatchObject({
				setBy: admin.id,
				expiresAt: new Date(expiresAt),
				demandedAt: null
			});
			expect((await login(user.email, password)).status).toBe(401);
			expect(await isGated(await signInForToken(user.email, temporary))).toBe(true);
		}
	);

	it('uses the password that the admin enters', async () => {
		const user = await api.accounts.makeUser();
		expect((await reset(user.id, { password: 'typed-by-admin' })).reply.body).toMatchObject({
			password: 'typed-by-admin'
		});
		expect(await isGated(await signInForToken(user.email, 'typed-by-admin'))).toBe(true);
	});

	it('generates a different one each time', async () => {
		const user = await api.accounts.makeUser();
		const made = new Set<string>();
		for (let times = 0; times < 5; times += 1)
			made.add(PasswordResetResponseDto.parse((await reset(user.id)).reply.body).password);
		expect(made.size).toBe(5);
	});

	it.each([
		[{}, 0],
		[{ revokeApiKeys: true }, 0],
		[{ revokeApiKeys: false }, 1]
	])('%j ends every session immediately and leaves this many keys: %i', async (body, keys) => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id);
		const stranger = await api.accounts.signIn();
		const strangersKey = await api.accounts.makeApiKey(stranger.user.id);
		await reset(user.id, body);
		expect((await api.request('GET', '/api/users/me', { token })).body).toEqual(message('Invalid user token'));
		expect((await api.request('GET', '/api/users/me', { apiKey })).status).toBe(keys === 1 ? 200 : 401);
		expect((await api.request('GET', '/api/users/me', { token: stranger.token })).status).toBe(200);
		expect((await api.request('GET', '/api/users/me', { apiKey: strangersKey })).status).toBe(200);
	});

	it('gives a password to a user without one', async () => {
		const user = await api.accounts.makeUser({ password: null });
		const { password: temporary } = PasswordResetResponseDto.parse((await reset(user.id)).reply.body);
		expect((await login(user.email, temporary)).status).toBe(201);
	});

	it('for the caller also requires the change and ends the calling session', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const reply = await api.request('POST', `/api/admin/users/${user.id}/reset-password`, { token });
		const { password: temporary } = PasswordResetResponseDto.parse(reply.body);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(401);
		expect(await isGated(await signInForToken(user.email, temporary))).toBe(true);
	});

	it('returns 400 for an unknown user and for a deleted one, whose password stays', async () => {
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		for (const id of [unknownId, deleted.id]) {
			const { reply } = await reset(id);
			expect([reply.status, reply.body]).toEqual([400, message('User not found')]);
		}
		expect(await api.accounts.findUser(deleted.id)).toEqual(deleted);
	});

	it.each([
		[{ password: '1234567' }, tooShortIssue('password')],
		[{ password: '' }, tooShortIssue('password')],
		[{ password: 'x'.repeat(73) }, tooLongIssue('password')]
	])('returns 400 for %j and changes nothing', async (body, issue) => {
		const { user } = await api.accounts.signIn();
		const { reply } = await reset(user.id, body);
		expect([reply.status, reply.body]).toEqual([400, validationFailed(issue)]);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		expect(await api.accounts.countSessions(user.id)).toBe(1);
	});

	it('never logs the password', async () => {
		const user = await api.accounts.makeUser();
		const { password: temporary } = PasswordResetResponseDto.parse((await reset(user.id)).reply.body);
		await expect.poll(() => api.lines.join('\n')).toContain(`"userId":"${user.id}"`);
		expect(api.lines.join('\n')).not.toContain(temporary);
	});
});

describe('POST /admin/users/{id}/force-password-change', () => {
	const force = (id: string) => asAdmin('POST', `/api/admin/users/${id}/force-password-change`);

	it('returns 200, closes the gate for a password the user chose, and keeps sessions and password', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.accounts.setPasswordState(user.id, { setBy: user.id });
		const { admin, reply } = await force(user.id);
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual(accountShape({ id: user.id, shouldChangePassword: true }));
		expect(await getState(user.id)).toMatchObject({ demandedBy: admin.id, setBy: user.id, expiresAt: null });
		expect(await isGated(token)).toBe(true);
		expect((await login(user.email, password)).status).toBe(201);
	});

	it('is fulfilled by a change', async () => {
		const { user, token } = await api.accounts.signIn();
		await force(user.id);
		const body = { password, newPassword: 'my own password' };
		expect((await api.request('POST', '/api/auth/change-password', { token, body })).status).toBe(200);
		expect(await isGated(token)).toBe(false);
		expect(await getState(user.id)).toMatchObject({ setBy: user.id, demandedAt: null, demandedBy: null });
	});

	it('leaves the gate open for a user without a password', async () => {
		const { user, token } = await api.accounts.signIn({ password: null });
		expect((await force(user.id)).reply.status).toBe(200);
		expect(await isGated(token)).toBe(false);
	});

	it('returns 400 for an unknown and for a deleted user', async () => {
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		for (const id of [unknownId, deleted.id]) expect((await force(id)).reply.body).toEqual(message('User not found'));
		expect(await getState(deleted.id)).toBeNull();
	});
});

describe('a password an admin sets for another user', () => {
	const create = async (fields: object) => {
		const body = { email: `made-${crypto.randomUUID()}@example.test`, name: 'U', password, ...fields };
		return UserAdminResponseDto.parse((await asAdmin('POST', '/api/admin/users', body)).reply.body);
	};

	it.each([
		['POST says nothing of a change', {}, true],
		['POST says shouldChangePassword: true', { shouldChangePassword: true }, true],
		['POST says shouldChangePassword: false', { shouldChangePassword: false }, false]
	])('%s: gate closed and expiring %s', async (_, fields, isTemporary) => {
		const user = await create(fields);
		expect(await isGated(await signInForToken(user.email, password))).toBe(isTemporary);
		expect((await getState(user.id))?.expiresAt ?? null).toEqual(isTemporary ? (expect.any(Date) as unknown) : null);
	});

	it.each([
		['PUT with the password alone', {}, false],
		['PUT with shouldChangePassword', { shouldChangePassword: true }, true]
	])('%s ends the sessions; gate closed and expiring %s', async (_, fields, isTemporary) => {
		const { user, token } = await api.accounts.signIn();
		const { reply } = await asAdmin('PUT', `/api/admin/users/${user.id}`, { password: 'set-by-admin', ...fields });
		expect(reply.status).toBe(200);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(401);
		expect(await isGated(await signInForToken(user.email, 'set-by-admin'))).toBe(isTemporary);
		expect((await getState(user.id))?.expiresAt ?? null).toEqual(isTemporary ? (expect.any(Date) as unknown) : null);
	});

	it('keeps the calling session if the admin sets their own', async () => {
		const { user, token } = await api.accounts.signInAdmin({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id, { setBy: user.id });
		const other = await api.accounts.makeSession(user.id);
		const body = { password: 'my own password' };
		await api.request('PUT', `/api/admin/users/${user.id}`, { token, body });
		expect((await api.request('GET', '/api/users', { token })).status).toBe(200);
		expect((await api.request('GET', '/api/users', { token: other })).status).toBe(401);
	});

	it('is no longer temporary once the user has changed it', async () => {
		const user = await create({});
		const token = await signInForToken(user.email, password);
		await api.request('PUT', '/api/users/me', { token, body: { password: 'my own password' } });
		expect(await getState(user.id)).toMatchObject({ setBy: user.id, expiresAt: null, demandedAt: null });
		expect(await isGated(await signInForToken(user.email, 'my own password'))).toBe(false);
	});
});
