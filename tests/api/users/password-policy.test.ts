import { hash } from '@node-rs/bcrypt';
import { describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { UserAdminResponseDto } from '#lib/contract/users/user.ts';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { tooLongIssue, tooShortIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const login = (email: string, given: string) =>
	api.request('POST', '/api/auth/login', { body: { email, password: given } });

/** Every operation that sets a chosen password; returns its response and the user's email. */
const ways = {
	'POST /admin/users': async (given: string) => {
		const { token } = await api.accounts.signInAdmin();
		const body = { email: `p-${crypto.randomUUID()}@example.test`, name: 'P', password: given };
		return {
			field: 'password',
			email: body.email,
			reply: await api.request('POST', '/api/admin/users', { token, body })
		};
	},
	'PUT /admin/users/{id}': async (given: string) => {
		const { token } = await api.accounts.signInAdmin();
		const { id, email } = await api.accounts.makeUser();
		const body = { password: given };
		return { field: 'password', email, reply: await api.request('PUT', `/api/admin/users/${id}`, { token, body }) };
	},
	'POST /admin/users/{id}/reset-password': async (given: string) => {
		const { token } = await api.accounts.signInAdmin();
		const { id, email } = await api.accounts.makeUser();
		const path = `/api/admin/users/${id}/reset-password`;
		return { field: 'password', email, reply: await api.request('POST', path, { token, body: { password: given } }) };
	},
	'PUT /users/me': async (given: string) => {
		const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id);
		const reply = await api.request('PUT', '/api/users/me', { token, body: { password: given } });
		return { field: 'password', email: user.email, reply };
	},
	'POST /auth/change-password': async (given: string) => {
		const { user, token } = await api.accounts.signIn();
		const body = { password, newPassword: given };
		const reply = await api.request('POST', '/api/auth/change-password', { token, body });
		return { field: 'newPassword', email: user.email, reply };
	}
};

const phrase = 'a long walk by the quiet river, and then another one through the old green forest';

describe.each(Object.entries(ways))('a password by %s', (_, send) => {
	it.each([
		['8 characters', 'kv3-82hd'],
		['72 bytes of one each', phrase.slice(0, 72)],
		['72 bytes of two each', 'éàüöñçøß'.repeat(5).slice(0, 36)],
		['72 bytes of four each', '😀🌲🚲🎈🍋🐢🎻🌙🔑🧭🪁🛶🧶🥁🦉🌵🍄🎲'],
		['spaces around it, which count', '  spaced  ']
	])('is accepted with %s and compared exactly', async (__, given) => {
		const { email, reply } = await send(given);
		expect([200, 201]).toContain(reply.status);
		expect((await login(email, given)).status).toBe(201);
		expect((await login(email, given.slice(0, -2))).status).toBe(401);
	});

	it.each([
		['7 characters', '1234567'],
		['4 characters of two UTF-16 units each', '😀'.repeat(4)]
	])('is refused with %s', async (__, given) => {
		const { field, reply } = await send(given);
		expect([reply.status, reply.body]).toEqual([400, validationFailed(tooShortIssue(field))]);
	});

	it.each([
		['73 bytes of one each', 'x'.repeat(73)],
		['74 bytes in 37 characters', 'é'.repeat(37)],
		['76 bytes in 19 characters', '😀'.repeat(19)],
		['10,000 characters', 'x'.repeat(10_000)]
	])('is refused with %s', async (__, given) => {
		const { field, reply } = await send(given);
		expect([reply.status, reply.body]).toEqual([400, validationFailed(tooLongIssue(field))]);
	});
});

describe('an older, truncated password of more than 72 bytes', () => {
	const long = 'x'.repeat(72) + 'and more';

	it('lets its owner sign in to choose another', async () => {
		const user = await api.accounts.makeUser({ password: await hash('x'.repeat(72), 10) });
		await api.accounts.setPasswordState(user.id, { setBy: user.id });
		const reply = await login(user.email, long);
		expect(reply.status).toBe(201);
		expect(reply.body).toMatchObject({ shouldChangePassword: true });
		const { accessToken: token } = LoginResponseDto.parse(reply.body);
		expect((await api.request('GET', '/api/users', { token })).status).toBe(403);
		const body = { password: long, newPassword: 'a shorter one' };
		const changed = await api.request('POST', '/api/auth/change-password', { token, body });
		expect(UserAdminResponseDto.parse(changed.body).shouldChangePassword).toBe(false);
		expect((await login(user.email, long)).status).toBe(401);
	});
});
