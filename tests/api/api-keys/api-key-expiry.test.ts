import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { anyIso, anyText, anyUuid, message } from '#tests/support/shapes.ts';

const api = useApi();
const path = '/api/api-keys/details';
const Made = z.object({ id: z.string(), secret: z.string(), expiresAt: z.string().nullable() });
const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();

const make = async (token: string, fields: object = {}) =>
	Made.parse(
		(await api.request('POST', path, { token, body: { name: 'k', permissions: ['user.read'], ...fields } })).body
	);
const me = (apiKey: string) => api.request('GET', '/api/users/me', { apiKey });
const setExpiry = (keyId: string, expiresAt: Date) =>
	api.prisma.apiKeyState.upsert({ where: { keyId }, create: { keyId, expiresAt }, update: { expiresAt } });

describe('POST /api-keys/details', () => {
	it('returns 201 with the expiry; afterwards only the first and last characters of the secret are shown', async () => {
		const { token } = await api.accounts.signIn();
		const expiresAt = inDays(30);
		const reply = await api.request('POST', path, { token, body: { permissions: ['user.read'], expiresAt } });
		const key = {
			id: anyUuid,
			name: 'API Key',
			permissions: ['user.read'],
			createdAt: anyIso,
			updatedAt: anyIso
		};
		expect(reply.status).toBe(201);
		expect(reply.body).toEqual({ ...key, secret: anyText, apiKey: key, expiresAt });
		const { id, secret } = Made.parse(reply.body);
		const state = await api.prisma.apiKeyState.findUniqueOrThrow({ where: { keyId: id } });
		expect(state).toMatchObject({ prefix: secret.slice(0, 4), lastFour: secret.slice(-4) });
		const listed = await api.request('GET', path, { token });
		expect(listed.text).not.toContain(secret);
		expect(listed.body).toMatchObject({
			keys: [{ id, prefix: secret.slice(0, 4), lastFour: secret.slice(-4), expiresAt, lastUsedAt: null }],
			total: 1,
			next: null
		});
	});

	it.each([
		{},
		{ permissions: [] },
		{ permissions: 'all' },
		{ permissions: ['all'], expiresAt: 'tomorrow' },
		{ permissions: ['all'], expiresAt: 5 },
		{ permissions: ['all'], expiresAt: '2020-01-01T00:00:00.000Z' },
		{ permissions: ['all'], expiresAt: '9999-01-01T00:00:00.000Z' },
		{ permissions: ['all'], name: 'x'.repeat(10_000) },
		{ permissions: ['x'.repeat(10_000)] }
	])('returns 400 for %j', async (body) => {
		const { token } = await api.accounts.signIn();
		const reply = await api.request('POST', path, { token, body });
		expect([reply.status, reply.body]).toEqual([400, expect.objectContaining({ message: 'Validation failed' })]);
	});

	it("adds nothing to Immich's own responses, for strict clients", async () => {
		const { token } = await api.accounts.signIn();
		const { id } = await make(token, { expiresAt: inDays(1) });
		const wire = ['createdAt', 'id', 'name', 'permissions', 'updatedAt'];
		const one = await api.request('GET', `/api/api-keys/${id}`, { token });
		expect(Object.keys(z.record(z.string(), z.unknown()).parse(one.body)).toSorted()).toEqual(wire);
		const made = await api.request('POST', '/api/api-keys', { token, body: { permissions: ['all'] } });
		expect(Object.keys(z.record(z.string(), z.unknown()).parse(made.body)).toSorted()).toEqual(
			['apiKey', 'secret', ...wire].toSorted()
		);
	});
});

describe('an expired key', () => {
	it('is rejected like an unknown one once it expires, and works again when its expiry is extended', async () => {
		const { token } = await api.accounts.signIn();
		const { id, secret } = await make(token, { expiresAt: inDays(1) });
		expect((await me(secret)).status).toBe(200);
		await setExpiry(id, new Date(Date.now() - 1));
		const reply = await me(secret);
		expect([reply.status, reply.body]).toEqual([401, message('Invalid API key')]);
		const changed = await api.request('PUT', `/api/api-keys/${id}/details`, { token, body: { expiresAt: null } });
		expect([changed.status, changed.body]).toEqual([200, expect.objectContaining({ id, expiresAt: null })]);
		expect((await me(secret)).status).toBe(200);
	});

	it('is rejected at the exact moment it expires', async () => {
		const { token } = await api.accounts.signIn();
		const { id, secret } = await make(token);
		const end = new Date(Date.now() + 700);
		await setExpiry(id, end);
		for (;;) {
			const sentMs = Date.now();
			const { status } = await me(secret);
			if (Date.now() < end.getTime()) expect(status).toBe(200);
			if (sentMs >= end.getTime()) {
				expect(status).toBe(401);
				break;
			}
		}
	});
});

describe('PUT /api-keys/{id}/details', () => {
	it('returns 200 and changes the given fields; writes nothing if they are unchanged', async () => {
		const { token } = await api.accounts.signIn();
		const expiresAt = inDays(3);
		const { id } = await make(token, { permissions: ['user.read', 'asset.read'], expiresAt });
		const put = (body: object) => api.request('PUT', `/api/api-keys/${id}/details`, { token, body });
		const before = await api.prisma.apiKey.findUniqueOrThrow({ where: { id } });
		expect((await put({ name: 'k', permissions: ['asset.read', 'user.read'] })).status).toBe(200);
		expect(await api.prisma.apiKey.findUniqueOrThrow({ where: { id } })).toEqual(before);
		expect((await put({ permissions: ['asset.read'] })).body).toMatchObject({
			name: 'k',
			permissions: ['asset.read'],
			expiresAt
		});
		expect((await put({ name: 'new' })).body).toMatchObject({ name: 'new', permissions: ['asset.read'], expiresAt });
	});

	it.each([
		['GET', 'details'],
		['PUT', 'details'],
		['POST', 'trim']
	] as const)("%s %s: does not find another user's key", async (method, below) => {
		const owner = await api.accounts.signIn();
		const { id } = await make(owner.token);
		const { token } = await api.accounts.signInAdmin();
		const body = { PUT: { name: 'stolen' }, POST: { permissions: ['user.read'] }, GET: undefined }[method];
		const reply = await api.request(method, `/api/api-keys/${id}/${below}`, { token, ...(body && { body }) });
		expect([reply.status, reply.body]).toEqual([400, message('API Key not found')]);
		expect(await api.prisma.apiKey.findUniqueOrThrow({ where: { id } })).toMatchObject({ name: 'k' });
	});

	it('keeps the expiry on rotation and shows the new prefix and suffix', async () => {
		const { token } = await api.accounts.signIn();
		const expiresAt = inDays(2);
		const { id } = await make(token, { expiresAt });
		const { secret } = Made.omit({ expiresAt: true }).parse(
			(await api.request('POST', `/api/api-keys/${id}/rotate`, { token })).body
		);
		const { body } = await api.request('GET', `/api/api-keys/${id}/details`, { token });
		expect(body).toMatchObject({ expiresAt, prefix: secret.slice(0, 4), lastFour: secret.slice(-4) });
	});
});

describe('a key that expires', () => {
	it('cannot create a key that outlives it, extend a key, or take over one that never expires', async () => {
		const { token } = await api.accounts.signIn();
		const expiresAt = inDays(1);
		const { id, secret: apiKey } = await make(token, { permissions: ['all'], expiresAt });
		const lasting = await make(token);
		for (const [where, fields] of [
			[path, {}],
			[path, { expiresAt: inDays(5) }],
			['/api/api-keys', {}]
		] as const) {
			const made = await api.request('POST', where, { apiKey, body: { permissions: ['user.read'], ...fields } });
			expect(made.status).toBe(201);
			const { id: keyId } = Made.omit({ expiresAt: true }).parse(made.body);
			const state = await api.prisma.apiKeyState.findUniqueOrThrow({ where: { keyId } });
			expect(state.expiresAt?.toISOString()).toBe(expiresAt);
		}
		for (const wanted of [null, inDays(2)]) {
			const body = { expiresAt: wanted };
			const reply = await api.request('PUT', `/api/api-keys/${id}/details`, { apiKey, body });
			expect([reply.status, reply.body]).toEqual([
				400,
				message('Cannot make an API Key live longer than the calling one')
			]);
		}
		expect((await api.request('POST', `/api/api-keys/${lasting.id}/rotate`, { apiKey })).status).toBe(400);
		expect((await me(lasting.secret)).status).toBe(200);
	});

	it.each(['', '/details'])(
		'cannot grant its permissions to a key that outlives it: PUT /api-keys/{id}%s returns 400',
		async (end) => {
			const { token } = await api.accounts.signIn();
			const permissions = ['user.read', 'user.update', 'apiKey.update'];
			const ending = await make(token, { permissions, expiresAt: inDays(1) });
			const lasting = await make(token);
			const change = (body: object, apiKey: string) =>
				api.request('PUT', `/api/api-keys/${lasting.id}${end}`, { apiKey, body });
			const reply = await change({ permissions: ['user.read', 'user.update'] }, ending.secret);
			expect([reply.status, reply.body]).toEqual([
				400,
				message('Cannot make an API Key live longer than the calling one')
			]);
			expect((await change({ name: 'renamed', permissions: ['user.read'] }, ending.secret)).status).toBe(200);
		}
	);
});

describe('GET /api-keys/details', () => {
	it('returns 200 page by page, newest first, each key once', async () => {
		const { user, token } = await api.accounts.signIn();
		await Promise.all(Array.from({ length: 120 }, () => api.accounts.makeApiKey(user.id, ['user.read'])));
		const Page = z.object({
			keys: z.array(z.object({ id: z.string() })),
			total: z.int(),
			next: z.string().nullable()
		});
		const seen: string[] = [];
		for (let after = ''; ;) {
			const { body } = await api.request('GET', path + after, { token });
			const { keys, total, next } = Page.parse(body);
			expect([total, keys.length <= 50]).toEqual([120, true]);
			seen.push(...keys.map(({ id }) => id));
			if (next === null) break;
			after = `?after=${next}`;
		}
		expect(new Set(seen).size).toBe(120);
		const rows = await api.prisma.apiKey.findMany({
			where: { userId: user.id },
			orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
			select: { id: true }
		});
		expect(seen).toEqual(rows.map(({ id }) => id));
		expect((await api.request('GET', `${path}?after=x`, { token })).status).toBe(400);
	});
});
