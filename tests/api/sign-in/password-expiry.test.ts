import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const past = new Date(Date.now() - 1_000);
const expired = message('This temporary password has expired. Ask your administrator for a new one.');
const login = (email: string, given = password) =>
	api.request('POST', '/api/auth/login', { body: { email, password: given } });

async function makeExpired() {
	const user = await api.accounts.makeUser({ shouldChangePassword: true });
	await api.accounts.setPasswordState(user.id, { expiresAt: past });
	return user;
}

describe('an expired temporary password', () => {
	it('returns 401 with a message that an admin can set a new one', async () => {
		const user = await makeExpired();
		const reply = await login(user.email);
		expect([reply.status, reply.body, reply.cookies]).toEqual([401, expired, []]);
		expect(await api.accounts.countSessions(user.id)).toBe(0);
	});

	it('is not revealed to a caller without the password', async () => {
		const user = await makeExpired();
		expect((await login(user.email, 'wrong')).body).toEqual(message('Incorrect email or password'));
	});

	it('shows the message on the sign-in page', async () => {
		await api.accounts.makeAdmin();
		const user = await makeExpired();
		const reply = await api.submit('/auth/login', { email: user.email, password });
		expect(reply.status).toBe(401);
		expect(reply.text).toContain(expired.message);
		expect(reply.cookies).toEqual([]);
	});

	it('is replaced when an admin sets a new one', async () => {
		const user = await makeExpired();
		const { token } = await api.accounts.signInAdmin();
		const body = { password: 'another one' };
		await api.request('POST', `/api/admin/users/${user.id}/reset-password`, { token, body });
		expect((await login(user.email, 'another one')).status).toBe(201);
	});

	it('works again when the admin no longer requires a change', async () => {
		const user = await makeExpired();
		const { token } = await api.accounts.signInAdmin();
		const body = { shouldChangePassword: false };
		await api.request('PUT', `/api/admin/users/${user.id}`, { token, body });
		expect((await login(user.email)).status).toBe(201);
	});

	it('still works a moment before its expiry', async () => {
		const user = await api.accounts.makeUser({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id, { expiresAt: new Date(Date.now() + 60_000) });
		expect((await login(user.email)).status).toBe(201);
	});
});

describe('a new password while a change is required', () => {
	const differ = message('Choose a password that’s different from the current one.');
	const signInGated = async () => {
		const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id, { expiresAt: new Date(Date.now() + 60_000) });
		return { user, token };
	};

	it('must differ from the old one in POST /auth/change-password', async () => {
		const { user, token } = await signInGated();
		const body = { password, newPassword: password };
		const reply = await api.request('POST', '/api/auth/change-password', { token, body });
		expect([reply.status, reply.body]).toEqual([400, differ]);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it.each([
		['alone', {}],
		['with another name', { name: 'Changed' }]
	])('must differ from the old one in PUT /users/me, %s, and otherwise nothing changes', async (_, fields) => {
		const { user, token } = await signInGated();
		const reply = await api.request('PUT', '/api/users/me', { token, body: { password, ...fields } });
		expect([reply.status, reply.body]).toEqual([400, differ]);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		expect((await api.request('GET', '/api/users', { token })).status).toBe(403);
	});

	it('clears the flag, the record, and the expiry in both operations', async () => {
		for (const [method, path, body] of [
			['POST', '/api/auth/change-password', { password, newPassword: 'my own password' }],
			['PUT', '/api/users/me', { password: 'my own password' }]
		] as const) {
			const { user, token } = await signInGated();
			expect((await api.request(method, path, { token, body })).body).toMatchObject({ shouldChangePassword: false });
			const state = await api.prisma.passwordState.findUnique({ where: { userId: user.id } });
			expect(state).toMatchObject({ setBy: user.id, expiresAt: null, demandedAt: null });
		}
	});
});
