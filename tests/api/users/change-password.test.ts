import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { fillIn } from '#tests/support/forms.ts';
import type { Sent } from '#tests/support/http.ts';
import {
	accountShape,
	booleanIssue,
	message,
	stringIssue,
	tooLongIssue,
	tooShortIssue,
	validationFailed
} from '#tests/support/shapes.ts';

const api = useApi();
const newPassword = 'a new password';
const change = (sent: Sent) => api.request('POST', '/api/auth/change-password', sent);
const canSignIn = async (email: string, given: string) =>
	(await api.request('POST', '/api/auth/login', { body: { email, password: given } })).status === 201;

describe('POST /auth/change-password', () => {
	it('returns 200 with every field of the user', async () => {
		const { user, token } = await api.accounts.signIn();
		const reply = await change({ token, body: { password, newPassword } });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual(accountShape({ id: user.id, email: user.email, name: user.name }));
	});

	it('replaces the password', async () => {
		const { user, token } = await api.accounts.signIn();
		await change({ token, body: { password, newPassword } });
		expect(await canSignIn(user.email, password)).toBe(false);
		expect(await canSignIn(user.email, newPassword)).toBe(true);
	});

	it('clears shouldChangePassword', async () => {
		const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
		const { body } = await change({ token, body: { password, newPassword } });
		expect(body).toMatchObject({ shouldChangePassword: false });
		expect(await api.accounts.findUser(user.id)).toMatchObject({ shouldChangePassword: false });
	});

	it.each([
		['without the flag', undefined, 1],
		['with invalidateSessions', true, 1],
		['with invalidateSessions: false', false, 3]
	])('%s keeps this many sessions: %s -> %i', async (_, invalidateSessions, left) => {
		const { user, token } = await api.accounts.signIn();
		await Promise.all([api.accounts.makeSession(user.id), api.accounts.makeSession(user.id)]);
		const stranger = await api.accounts.signIn();
		await change({ token, body: { password, newPassword, invalidateSessions } });
		expect(await api.accounts.countSessions(user.id)).toBe(left);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		expect(await api.accounts.countSessions(stranger.user.id)).toBe(1);
	});

	it('ends every session if called with an API key', async () => {
		const { user } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['auth.changePassword']);
		expect((await change({ apiKey, body: { password, newPassword } })).status).toBe(200);
		expect(await api.accounts.countSessions(user.id)).toBe(0);
		expect((await api.request('POST', '/api/auth/validateToken', { apiKey })).status).toBe(200);
	});

	it('returns 200 for the current password if no change is required', async () => {
		const { token } = await api.accounts.signIn();
		expect((await change({ token, body: { password, newPassword: password } })).status).toBe(200);
	});

	it('returns 400 Wrong password and changes nothing', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.accounts.makeSession(user.id);
		const before = await api.accounts.findUser(user.id);
		const reply = await change({ token, body: { password: 'nope', newPassword } });
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(message('Wrong password'));
		expect(await api.accounts.findUser(user.id)).toEqual(before);
		expect(await api.accounts.countSessions(user.id)).toBe(2);
	});

	it('returns 400 Wrong password for a user without one', async () => {
		const { token } = await api.accounts.signIn({ password: null });
		for (const given of ['', password]) {
			const reply = await change({ token, body: { password: given, newPassword } });
			expect(reply.status).toBe(400);
			expect(reply.body).toEqual(message('Wrong password'));
		}
	});

	it.each([
		['empty', {}, [stringIssue('password'), stringIssue('newPassword')]],
		['with 7 characters', { password, newPassword: '1234567' }, [tooShortIssue('newPassword')]],
		['with 73 bytes', { password, newPassword: 'x'.repeat(73) }, [tooLongIssue('newPassword')]],
		[
			'with a null flag',
			{ password, newPassword, invalidateSessions: null },
			[booleanIssue('invalidateSessions', 'null')]
		]
	])('returns 400 for a body %s', async (_, body, issues) => {
		const { token } = await api.accounts.signIn();
		const reply = await change({ token, body });
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(validationFailed(...issues));
	});

	it('returns 401 before the body is checked', async () => {
		expect((await change({ body: {} })).body).toEqual(message('Authentication required'));
		expect((await change({ token: 'bad', body: {} })).body).toEqual(message('Invalid user token'));
	});

	it('never changes another user, whatever the body names', async () => {
		const other = await api.accounts.makeUser();
		const { token } = await api.accounts.signIn();
		const body = { password, newPassword, id: other.id, userId: other.id, email: other.email };
		expect((await change({ token, body })).status).toBe(200);
		expect(await api.accounts.findUser(other.id)).toEqual(other);
	});
});

describe('a user’s API keys after changing the password', () => {
	const countKeys = (userId: string) => api.prisma.apiKey.count({ where: { userId } });
	const signInWithKey = async () => {
		const [{ user, token }, other] = await Promise.all([api.accounts.signIn(), api.accounts.makeUser()]);
		await Promise.all([api.accounts.makeApiKey(user.id), api.accounts.makeApiKey(other.id)]);
		return { user, other, token };
	};

	it.each([
		[undefined, 1],
		[false, 1],
		[true, 0]
	])('with the API and revokeApiKeys %s: %i left', async (revokeApiKeys, left) => {
		const { user, other, token } = await signInWithKey();
		expect((await change({ token, body: { password, newPassword, revokeApiKeys } })).status).toBe(200);
		expect([await countKeys(user.id), await countKeys(other.id)]).toEqual([left, 1]);
	});

	it.each([
		['/auth/change-password', null, 1],
		['/auth/change-password', 'on', 0],
		['/account/password', null, 1],
		['/account/password', 'on', 0]
	])('with the form of %s and the box %s: %i left', async (page, revokeApiKeys, left) => {
		const { user, other, token } = await signInWithKey();
		const changes = { password, newPassword, ...(revokeApiKeys !== null && { revokeApiKeys }) };
		const reply = await fillIn(api, page, token, { by: { field: 'revokeApiKeys' }, changes });
		expect(reply.status).toBeLessThan(400);
		expect(await canSignIn(user.email, newPassword)).toBe(true);
		expect([await countKeys(user.id), await countKeys(other.id)]).toEqual([left, 1]);
	});
});
