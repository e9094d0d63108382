import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { repeat } from '#tests/support/repeat.ts';

const api = useApi();
const temporary = 'temporary-one';
const login = (email: string, given: string) =>
	api.request('POST', '/api/auth/login', { body: { email, password: given } });

async function reset(id: string) {
	const { token } = await api.accounts.signInAdmin();
	const body = { password: temporary };
	return api.request('POST', `/api/admin/users/${id}/reset-password`, { token, body });
}

describe('an admin’s reset, concurrent with', () => {
	it('a sign-in, leaves no session started with the old password', async () => {
		await repeat(20, async () => {
			const user = await api.accounts.makeUser();
			const [first, second, reply] = await Promise.all([
				login(user.email, password),
				login(user.email, password),
				reset(user.id)
			]);
			expect(reply.status).toBe(200);
			for (const { status } of [first, second]) expect([201, 401]).toContain(status);
			expect(await api.accounts.countSessions(user.id)).toBe(0);
		});
	});

	it.each([
		['POST', '/api/auth/change-password', { password, newPassword: 'the thief’s own' }],
		['PUT', '/api/users/me', { password: 'the thief’s own' }]
	])('%s %s by the holder of a session, is not overwritten', async (method, path, body) => {
		await repeat(10, async () => {
			const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
			await api.accounts.setPasswordState(user.id);
			const [, reply] = await Promise.all([api.request(method, path, { token, body }), reset(user.id)]);
			expect(reply.status).toBe(200);
			expect((await login(user.email, temporary)).status).toBe(201);
			expect((await login(user.email, 'the thief’s own')).status).toBe(401);
			expect(await api.accounts.findUser(user.id)).toMatchObject({ shouldChangePassword: true });
		});
	});
});

describe('a user’s own password change, concurrent with', () => {
	it('a sign-in, leaves no other session started with the old password', async () => {
		await repeat(10, async () => {
			const { user, token } = await api.accounts.signIn();
			const body = { password, newPassword: 'my own password' };
			const [changed] = await Promise.all([
				api.request('POST', '/api/auth/change-password', { token, body }),
				login(user.email, password)
			]);
			expect(changed.status).toBe(200);
			expect(await api.accounts.countSessions(user.id)).toBe(1);
		});
	});

	it('another one, leaves one valid password and one session', async () => {
		await repeat(10, async () => {
			const { user, token } = await api.accounts.signIn();
			const other = await api.accounts.makeSession(user.id);
			const change = (by: string, newPassword: string) =>
				api.request('POST', '/api/auth/change-password', { token: by, body: { password, newPassword } });
			const replies = await Promise.all([change(token, 'password one'), change(other, 'password two')]);
			expect(replies.map(({ status }) => status)).toContain(200);
			expect(await api.accounts.countSessions(user.id)).toBe(1);
			const valid = await Promise.all([login(user.email, 'password one'), login(user.email, 'password two')]);
			expect(valid.filter(({ status }) => status === 201)).toHaveLength(1);
		});
	});
});
