import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';

const api = useApi();
const pinCode = '123456';

async function signInWithPin() {
	const { token } = await api.accounts.signIn();
	const set = await api.request('POST', '/api/auth/pin-code', { token, body: { pinCode } });
	expect(set.status).toBe(204);
	return token;
}

const unlock = async (token: string, proof: object) =>
	(await api.request('POST', '/api/auth/session/unlock', { token, body: proof })).status;
const changePassword = async (token: string, typed: string) =>
	(
		await api.request('POST', '/api/auth/change-password', {
			token,
			body: { password: typed, newPassword: 'another password' }
		})
	).status;
const changeEmail = async (token: string, currentPassword: string) => {
	const body = { email: 'moved@example.test', currentPassword };
	return (await api.request('PUT', '/api/users/me', { token, body })).status;
};

describe('guesses at a PIN and at a password', () => {
	it('are counted separately: a correct password allows no more guesses at the PIN', async () => {
		const token = await signInWithPin();
		for (let guess = 0; guess < 10; guess++) {
			expect(await unlock(token, { pinCode: '000000' })).toBe(400);
			expect(await unlock(token, { password })).toBe(204);
		}
		expect(await unlock(token, { pinCode })).toBe(429);
		expect(await unlock(token, { password })).toBe(204);
	});

	it('are counted separately: a correct PIN allows no more guesses at the password, wherever it is entered', async () => {
		const token = await signInWithPin();
		const ways = [
			(typed: string) => unlock(token, { password: typed }),
			(typed: string) => changePassword(token, typed),
			(typed: string) => changeEmail(token, typed)
		];
		for (let guess = 0; guess < 10; guess++) {
			expect(await ways[guess % 3]?.('wrong')).toBe(400);
			expect(await unlock(token, { pinCode })).toBe(204);
		}
		for (const way of ways) expect(await way(password)).toBe(429);
		expect(await unlock(token, { pinCode })).toBe(204);
	});
});
