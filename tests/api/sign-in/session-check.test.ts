import { describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { anyIso, message } from '#tests/support/shapes.ts';

const api = useApi();

describe('POST /auth/logout', () => {
	it('returns 200 and ends only the calling session', async () => {
		const { user, token } = await api.accounts.signIn();
		const other = await api.accounts.makeSession(user.id);
		const reply = await api.request('POST', '/api/auth/logout', { token });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual({ successful: true, redirectUri: '/auth/login?autoLaunch=0' });
		expect((await api.request('GET', '/api/users/me', { token })).body).toEqual(message('Invalid user token'));
		expect((await api.request('GET', '/api/users/me', { token: other })).status).toBe(200);
	});

	it('returns 401 Invalid user token the second time', async () => {
		const { token } = await api.accounts.signIn();
		await api.request('POST', '/api/auth/logout', { token });
		const reply = await api.request('POST', '/api/auth/logout', { token });
		expect(reply.status).toBe(401);
		expect(reply.body).toEqual(message('Invalid user token'));
	});

	it('clears the three cookies', async () => {
		const { token } = await api.accounts.signIn();
		const { cookies } = await api.request('POST', '/api/auth/logout', { cookie: buildCookie(token) });
		expect(cookies).toEqual(
			['immich_access_token', 'immich_auth_type', 'immich_is_authenticated'].map(
				(name) => `${name}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT`
			)
		);
	});

	it('returns 200 for an API key with all and ends nothing', async () => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['all']);
		expect((await api.request('POST', '/api/auth/logout', { apiKey })).status).toBe(200);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		expect((await api.request('GET', '/api/users/me', { apiKey })).status).toBe(200);
	});
});

describe('POST /auth/validateToken', () => {
	it('returns 200 for a session and for any API key', async () => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['asset.read']);
		for (const credential of [{ token }, { apiKey }]) {
			const reply = await api.request('POST', '/api/auth/validateToken', credential);
			expect(reply.status).toBe(200);
			expect(reply.body).toEqual({ authStatus: true });
		}
	});
});

describe('GET /auth/status', () => {
	const getStatus = async (token: string) => (await api.request('GET', '/api/auth/status', { token })).body;

	it('returns 200 with the fields of a plain session', async () => {
		const { token } = await api.accounts.signIn();
		expect(await getStatus(token)).toEqual({ pinCode: false, password: true, isElevated: false });
	});

	it('returns whether there is a PIN and a password, and the expiries', async () => {
		const user = await api.accounts.makeUser({ password: null, pinCode: '$2b$10$hash' });
		const soon = new Date(Date.now() + 60_000);
		const later = new Date(Date.now() + 600_000);
		const token = await api.accounts.makeSession(user.id, { expiresAt: soon, pinExpiresAt: later });
		expect(await getStatus(token)).toEqual({
			pinCode: true,
			password: false,
			isElevated: true,
			expiresAt: soon.toISOString(),
			pinExpiresAt: later.toISOString()
		});
	});

	it('is not elevated once that has expired', async () => {
		const user = await api.accounts.makeUser();
		const token = await api.accounts.makeSession(user.id, { pinExpiresAt: new Date(Date.now() - 1_000) });
		expect(await getStatus(token)).toMatchObject({ isElevated: false, pinExpiresAt: anyIso });
	});

	it('returns 200 for an API key without session fields', async () => {
		const apiKey = await api.accounts.makeApiKey((await api.accounts.makeUser()).id, ['all']);
		const reply = await api.request('GET', '/api/auth/status', { apiKey });
		expect(reply.body).toEqual({ pinCode: false, password: true, isElevated: false });
	});
});
