import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { anyIso, anyUuid, message } from '#tests/support/shapes.ts';

const api = useApi();
const Started = z.object({ id: z.string(), token: z.string() });
const Listed = z.array(z.object({ id: z.string(), current: z.boolean(), updatedAt: z.string() }));

const list = async (token: string) => Listed.parse((await api.request('GET', '/api/sessions', { token })).body);
const me = async (token: string) => (await api.request('GET', '/api/users/me', { token })).status;
const start = async (token: string, body: object = {}) =>
	Started.parse((await api.request('POST', '/api/sessions', { token, body })).body);
const getId = async (token: string) => (await list(token)).find(({ current }) => current)?.id ?? '';

describe('GET /sessions', () => {
	it('returns 200 with the user’s unexpired sessions, most recently used first, marking the caller’s', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.accounts.makeSession(user.id, {
			updatedAt: new Date(Date.now() - 86_400_000),
			appVersion: '3.2.2',
			deviceOS: 'iOS'
		});
		await api.accounts.makeSession(user.id, { expiresAt: new Date(Date.now() - 1_000) });
		await api.accounts.signIn();
		const reply = await api.request('GET', '/api/sessions', { token });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual([
			{
				id: anyUuid,
				createdAt: anyIso,
				updatedAt: anyIso,
				current: true,
				deviceType: '',
				deviceOS: '',
				appVersion: null,
				isPendingSyncReset: false
			},
			expect.objectContaining({ current: false, appVersion: '3.2.2', deviceOS: 'iOS' })
		]);
	});

	it('marks none as the caller’s for an API key', async () => {
		const { user } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['session.read']);
		const reply = await api.request('GET', '/api/sessions', { apiKey });
		expect(Listed.parse(reply.body).map(({ current }) => current)).toEqual([false]);
	});
});

describe('POST /sessions', () => {
	it('returns 201 with a working token that expires and ends with its parent', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await api.request('POST', '/api/sessions', {
			token,
			body: { duration: 60, deviceType: 'Chromecast', deviceOS: 'Google TV' }
		});
		expect(reply.status).toBe(201);
		expect(reply.body).toMatchObject({
			current: false,
			deviceType: 'Chromecast',
			deviceOS: 'Google TV',
			expiresAt: anyIso
		});
		const child = Started.parse(reply.body).token;
		expect(await me(child)).toBe(200);
		await api.request('POST', '/api/auth/logout', { token });
		expect(await me(child)).toBe(401);
	});

	it('ends at its expiry', async () => {
		const { token } = await api.accounts.signIn();
		const { id, token: child } = await start(token, { duration: 60 });
		await api.prisma.session.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
		expect(await me(child)).toBe(401);
	});

	it('returns 400 for an API key', async () => {
		const { user } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['session.create']);
		const reply = await api.request('POST', '/api/sessions', { apiKey, body: {} });
		expect([reply.status, reply.body]).toEqual([400, message('This endpoint can only be used with a session token')]);
	});

	it.each([{ duration: 0 }, { duration: 1.5 }, { duration: '60' }, { deviceType: 5 }, { deviceOS: null }])(
		'returns 400 for %j',
		async (body) => {
			const { token } = await api.accounts.signIn();
			expect((await api.request('POST', '/api/sessions', { token, body })).status).toBe(400);
		}
	);
});

describe('PUT /sessions/{id}', () => {
	it.each(['PUT', 'PATCH'] as const)('%s returns 200 and sets the flag', async (method) => {
		const { token } = await api.accounts.signIn();
		const id = await getId(token);
		const reply = await api.request(method, `/api/sessions/${id}`, { token, body: { isPendingSyncReset: true } });
		expect(reply.status).toBe(200);
		expect(reply.body).toMatchObject({ id, isPendingSyncReset: true, current: false });
	});

	it('returns 400 without a field and for another user’s session', async () => {
		const { token } = await api.accounts.signIn();
		const other = await api.accounts.signIn();
		const empty = await api.request('PUT', `/api/sessions/${await getId(token)}`, { token, body: {} });
		expect([empty.status, empty.body]).toEqual([400, message('No fields to update')]);
		const path = `/api/sessions/${await getId(other.token)}`;
		const foreign = await api.request('PUT', path, { token, body: { isPendingSyncReset: true } });
		expect([foreign.status, foreign.body]).toEqual([400, message('Not found or no session.update access')]);
	});
});

describe('DELETE /sessions', () => {
	it('returns 204 and ends one immediately', async () => {
		const { user, token } = await api.accounts.signIn();
		const other = await api.accounts.makeSession(user.id);
		expect((await api.request('DELETE', `/api/sessions/${await getId(other)}`, { token })).status).toBe(204);
		expect([await me(other), await me(token)]).toEqual([401, 200]);
	});

	it('returns 204 and ends the calling one if requested', async () => {
		const { token } = await api.accounts.signIn();
		expect((await api.request('DELETE', `/api/sessions/${await getId(token)}`, { token })).status).toBe(204);
		expect(await me(token)).toBe(401);
	});

	it('returns 400 for another user’s and keeps it', async () => {
		const { token } = await api.accounts.signIn();
		const other = await api.accounts.signIn();
		const reply = await api.request('DELETE', `/api/sessions/${await getId(other.token)}`, { token });
		expect([reply.status, reply.body]).toEqual([400, message('Not found or no authDevice.delete access')]);
		expect(await me(other.token)).toBe(200);
	});

	it('returns 204 and ends all but the calling one, or all for an API key', async () => {
		const { user, token } = await api.accounts.signIn();
		const other = await api.accounts.makeSession(user.id);
		expect((await api.request('DELETE', '/api/sessions', { token })).status).toBe(204);
		expect([await me(other), await me(token)]).toEqual([401, 200]);
		const apiKey = await api.accounts.makeApiKey(user.id, ['session.delete']);
		expect((await api.request('DELETE', '/api/sessions', { apiKey })).status).toBe(204);
		expect(await me(token)).toBe(401);
	});
});

describe('POST /sessions/{id}/lock', () => {
	it('returns 204 and locks the user’s own, 400 for another user’s', async () => {
		const { user, token } = await api.accounts.signIn();
		const pinExpiresAt = new Date(Date.now() + 600_000);
		const other = await api.accounts.makeSession(user.id, { pinExpiresAt });
		const id = await getId(other);
		expect((await api.request('POST', `/api/sessions/${id}/lock`, { token })).status).toBe(204);
		expect((await api.prisma.session.findUniqueOrThrow({ where: { id } })).pinExpiresAt).toBeNull();
		const stranger = await api.accounts.signIn();
		const reply = await api.request('POST', `/api/sessions/${id}/lock`, { token: stranger.token });
		expect([reply.status, reply.body]).toEqual([400, message('Not found or no session.lock access')]);
	});
});
