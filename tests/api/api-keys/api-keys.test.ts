import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { anyIso, anyText, anyUuid, message } from '#tests/support/shapes.ts';

const api = useApi();
const Made = z.object({ id: z.string(), secret: z.string() });
const notFound = message('API Key not found');

const make = async (token: string, body: object = { name: 'k', permissions: ['user.read'] }) =>
	Made.parse((await api.request('POST', '/api/api-keys', { token, body })).body);
const me = async (apiKey: string) => (await api.request('GET', '/api/users/me', { apiKey })).status;

describe('POST /api-keys', () => {
	it('returns 201 with the fields at the top level and nested, and stores the secret as a hash', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await api.request('POST', '/api/api-keys', {
			token,
			body: { name: 'My key', permissions: ['user.read', 'all'] }
		});
		const key = {
			id: anyUuid,
			name: 'My key',
			permissions: ['user.read', 'all'],
			createdAt: anyIso,
			updatedAt: anyIso
		};
		expect(reply.status).toBe(201);
		expect(reply.body).toEqual({ ...key, secret: anyText, apiKey: key });
		const { id, secret } = Made.parse(reply.body);
		expect(secret).toMatch(/^\w{38,43}$/);
		expect(await me(secret)).toBe(200);
		const { key: stored } = await api.prisma.apiKey.findUniqueOrThrow({ where: { id } });
		expect(Buffer.from(stored).includes(secret)).toBe(false);
	});

	it.each([{ permissions: ['user.read'] }, { name: '', permissions: ['user.read'] }])(
		'gives %j a default name',
		async (body) => {
			const { token } = await api.accounts.signIn();
			expect((await api.request('POST', '/api/api-keys', { token, body })).body).toMatchObject({ name: 'API Key' });
		}
	);

	it.each([
		{},
		{ permissions: [] },
		{ permissions: ['root'] },
		{ permissions: 'all' },
		{ name: 5, permissions: ['all'] }
	])('returns 400 for %j', async (body) => {
		const { token } = await api.accounts.signIn();
		expect((await api.request('POST', '/api/api-keys', { token, body })).status).toBe(400);
	});

	it('returns 400 for a key that grants more than it holds', async () => {
		const { user } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['apiKey.create', 'user.read']);
		const within = { permissions: ['user.read'] };
		expect((await api.request('POST', '/api/api-keys', { apiKey, body: within })).status).toBe(201);
		for (const permission of ['all', 'user.update']) {
			const reply = await api.request('POST', '/api/api-keys', { apiKey, body: { permissions: [permission] } });
			expect([reply.status, reply.body]).toEqual([400, message('Cannot grant permissions you do not have')]);
		}
	});
});

describe('GET /api-keys', () => {
	it("returns 200 with the caller's keys, newest first", async () => {
		const { token } = await api.accounts.signIn();
		const other = await api.accounts.signIn();
		await make(other.token);
		const [first, second] = [await make(token), await make(token)];
		const reply = await api.request('GET', '/api/api-keys', { token });
		expect(
			z
				.array(z.object({ id: z.string() }))
				.parse(reply.body)
				.map(({ id }) => id)
		).toEqual([second.id, first.id]);
		expect(reply.text).not.toContain(first.secret);
	});

	it('returns 200 with the calling key, without requiring a permission, and 403 for a session', async () => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['asset.read']);
		expect((await api.request('GET', '/api/api-keys/me', { apiKey })).body).toMatchObject({
			permissions: ['asset.read']
		});
		const reply = await api.request('GET', '/api/api-keys/me', { token });
		expect([reply.status, reply.body]).toEqual([403, message('Not authenticated with an API Key')]);
	});
});

describe('a single key', () => {
	it.each(['PUT', 'PATCH'] as const)('%s returns 200 and changes the given fields', async (method) => {
		const { token } = await api.accounts.signIn();
		const { id, secret } = await make(token);
		const path = `/api/api-keys/${id}`;
		expect((await api.request(method, path, { token, body: { name: 'new' } })).body).toMatchObject({
			name: 'new',
			permissions: ['user.read']
		});
		await api.request(method, path, { token, body: { permissions: ['asset.read'] } });
		expect((await api.request('GET', path, { token })).body).toMatchObject({
			name: 'new',
			permissions: ['asset.read']
		});
		expect(await me(secret)).toBe(403);
	});

	it('is not written by an empty change', async () => {
		const { token } = await api.accounts.signIn();
		const { id } = await make(token);
		const before = await api.prisma.apiKey.findUniqueOrThrow({ where: { id } });
		expect((await api.request('PUT', `/api/api-keys/${id}`, { token, body: {} })).status).toBe(200);
		expect(await api.prisma.apiKey.findUniqueOrThrow({ where: { id } })).toEqual(before);
	});

	it('is rotated with 201: the old secret stops working immediately, the rest stays', async () => {
		const { token } = await api.accounts.signIn();
		const { id, secret } = await make(token);
		const reply = await api.request('POST', `/api/api-keys/${id}/rotate`, { token });
		expect(reply.status).toBe(201);
		expect(reply.body).toMatchObject({ id, name: 'k', permissions: ['user.read'], apiKey: { id } });
		expect([await me(secret), await me(Made.parse(reply.body).secret)]).toEqual([401, 200]);
	});

	it('is deleted with 204 and rejected from the next request on', async () => {
		const { token } = await api.accounts.signIn();
		const { id, secret } = await make(token);
		expect((await api.request('DELETE', `/api/api-keys/${id}`, { token })).status).toBe(204);
		expect(await me(secret)).toBe(401);
	});

	it.each([
		['GET', ''],
		['PUT', ''],
		['DELETE', ''],
		['POST', '/rotate']
	] as const)("%s%s returns 400 for another user's key and leaves it unchanged", async (method, below) => {
		const owner = await api.accounts.signIn();
		const { id, secret } = await make(owner.token);
		const { token } = await api.accounts.signIn();
		const body = method === 'PUT' ? { body: { name: 'stolen' } } : {};
		const reply = await api.request(method, `/api/api-keys/${id}${below}`, { token, ...body });
		expect([reply.status, reply.body]).toEqual([400, notFound]);
		expect(await me(secret)).toBe(200);
	});

	it('cannot be changed or rotated by a key with fewer permissions', async () => {
		const { user, token } = await api.accounts.signIn();
		const strong = await make(token, { name: 'strong', permissions: ['all'] });
		const apiKey = await api.accounts.makeApiKey(user.id, ['apiKey.update', 'apiKey.rotate']);
		const path = `/api/api-keys/${strong.id}`;
		const changed = await api.request('PUT', path, { apiKey, body: { name: 'mine' } });
		expect([changed.status, changed.body]).toEqual([400, message('Cannot grant permissions you do not have')]);
		const rotated = await api.request('POST', `${path}/rotate`, { apiKey });
		expect([rotated.status, rotated.body]).toEqual([
			400,
			message('Cannot rotate an API Key with permissions you do not have')
		]);
		expect(await me(strong.secret)).toBe(200);
	});
});
