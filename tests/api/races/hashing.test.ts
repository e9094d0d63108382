import { availableParallelism } from 'node:os';
import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';
import { WatchedServer } from '#tests/support/watched-server.ts';

const api = useApi();
let watched: WatchedServer;
beforeAll(async () => {
	watched = await WatchedServer.start(api);
});
afterAll(() => watched.close());
beforeEach(() => api.reset());

const pinCode = '123456';

describe('a request that cannot succeed', () => {
	const expectUnhashed = async (
		[method, path, sent]: readonly [string, string, Parameters<WatchedServer['send']>[2]],
		status: number
	) => {
		const before = watched.hashed;
		const reply = await watched.send(method, path, sent);
		expect(reply.status, reply.text).toBe(status);
		expect(watched.hashed - before).toBe(0);
		return reply;
	};

	it('would be seen to hash if it could', async () => {
		const { token } = await api.accounts.signIn();
		const before = watched.hashed;
		expect((await watched.send('POST', '/api/auth/pin-code', { token, body: { pinCode } })).status).toBe(204);
		expect(watched.hashed - before).toBe(1);
	});

	it('hashes nothing for a first PIN if one is set', async () => {
		const { token } = await api.accounts.signIn({ pinCode: 'a hash' });
		await expectUnhashed(['POST', '/api/auth/pin-code', { token, body: { pinCode } }], 400);
	});

	it('hashes nothing for a first admin if there is one, or without the setup code', async () => {
		const body = { email: 'ada@example.test', password, name: 'Ada' };
		const headers = { 'x-forwarded-for': '203.0.113.7' };
		await expectUnhashed(['POST', '/api/auth/admin-sign-up', { body, headers }], 403);
		await api.accounts.makeUser({ email: body.email });
		await expectUnhashed(['POST', '/api/auth/admin-sign-up', { body }], 400);
		await api.accounts.makeAdmin();
		await expectUnhashed(['POST', '/api/auth/admin-sign-up', { body }], 400);
	});

	it('hashes nothing for a password by PUT /users/me that needs the current one', async () => {
		const { token } = await api.accounts.signIn();
		const body = { password: 'a new password', email: 'new@example.test', currentPassword: password };
		await expectUnhashed(['PUT', '/api/users/me', { token, body }], 400);
	});

	it('hashes nothing for an email of another user', async () => {
		const { email } = await api.accounts.makeUser();
		const { user, token } = await api.accounts.signInAdmin();
		const taken = message('Email is not available');
		const currentPassword = password;
		const create = { email, name: 'New', password: 'a new password', pinCode };
		for (const sent of [
			['PUT', '/api/users/me', { token, body: { email, currentPassword } }],
			['PUT', `/api/admin/users/${user.id}`, { token, body: { email, currentPassword, pinCode } }],
			['POST', '/api/admin/users', { token, body: create }]
		] as const)
			expect((await expectUnhashed(sent, 400)).body, sent[1]).toEqual(taken);
	});

	it('hashes nothing for updates of an unknown user or of a role that must stay', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const body = { password: 'a new password', pinCode };
		const unknown = '11111111-1111-4111-8111-111111111111';
		await expectUnhashed(['PUT', `/api/admin/users/${unknown}`, { token, body }], 400);
		await expectUnhashed(['POST', `/api/admin/users/${unknown}/reset-password`, { token, body: {} }], 400);
		const own = { ...body, isAdmin: false };
		await expectUnhashed(['PUT', `/api/admin/users/${user.id}`, { token, body: own }], 400);
		const label = '22222222-2222-4222-8222-222222222222';
		const other = await api.accounts.makeUser();
		await expectUnhashed(
			['PUT', `/api/admin/users/${other.id}`, { token, body: { ...body, storageLabel: label } }],
			400
		);
	});
});

describe('a client that disconnects while it waits in the queue', () => {
	const cores = availableParallelism();

	/** Starts a request; returns how to abort it and its response status. */
	function begin(method: string, path: string, body: object, headers: Record<string, string> = {}) {
		const { port } = new URL(watched.server.url);
		const request = http.request({
			host: '127.0.0.1',
			port,
			method,
			path,
			headers: { 'content-type': 'application/json', ...headers }
		});
		const answered = new Promise<number | null>((resolve) => {
			request.once('response', (response) => {
				response.resume();
				resolve(response.statusCode ?? 0);
			});
			request.once('error', () => resolve(null));
		});
		request.end(JSON.stringify(body));
		return { answered, leave: () => request.destroy() };
	}

	it.each<[string, string, string, object]>([
		['a sign-in', 'POST', '/api/auth/login', { email: 'nobody@example.test', password }],
		['a first PIN', 'POST', '/api/auth/pin-code', { pinCode }],
		['a change of password', 'POST', '/api/auth/change-password', { password, newPassword: 'a new password' }]
	])('causes no hashing for %s', async (_, method, path, body) => {
		const { token } = await api.accounts.signIn();
		const before = watched.hashed;
		await watched.toggleHold();
		const ahead = Array.from({ length: cores }, (_, at) =>
			begin('POST', '/api/auth/login', { email: `nobody-${String(at)}@example.test`, password })
		);
		await watched.until('password work begins', before + cores);
		const leaving = begin(method, path, body, path.includes('login') ? {} : { authorization: `Bearer ${token}` });
		await expect.poll(() => watched.waiting(), { timeout: 20_000, interval: 10 }).toBe(1);
		leaving.leave();
		expect(await leaving.answered).toBeNull();
		await expect.poll(() => watched.waiting(), { timeout: 20_000, interval: 10 }).toBe(0);
		await watched.toggleHold();
		expect(await Promise.all(ahead.map(({ answered }) => answered))).toEqual(ahead.map(() => 401));
		expect(watched.hashed - before).toBe(cores);
		// The queue still works.
		const next = await watched.send('POST', '/api/auth/login', { body: { email: 'next@example.test', password } });
		expect(next.status).toBe(401);
		expect(watched.hashed - before).toBe(cores + 1);
	});
});
