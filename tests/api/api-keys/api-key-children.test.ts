import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { Notifications } from '#tests/support/notifications.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const Made = z.object({ id: z.string(), secret: z.string() });
const works = async (apiKey: string) => (await api.request('GET', '/api/users/me', { apiKey })).status === 200;
const worksEach = (keys: { secret: string }[]) => Promise.all(keys.map(({ secret }) => works(secret)));
const held = ['apiKey.create', 'apiKey.update', 'user.read', 'asset.read'];
const create = async (by: { token: string } | { apiKey: string }, permissions = held) =>
	Made.parse((await api.request('POST', '/api/api-keys', { ...by, body: { permissions } })).body);

/** Creates a key with a session, a child with that key, a grandchild with the child, and an unrelated key. */
async function makeFamily() {
	const { user, token } = await api.accounts.signIn();
	const parent = await create({ token });
	const child = await create({ apiKey: parent.secret });
	const grandchild = await create({ apiKey: child.secret });
	const other = await create({ token });
	return { user, token, parent, child, grandchild, all: [parent, child, grandchild, other] };
}

const change = (token: string, id: string, body: object) =>
	api.request('PUT', `/api/api-keys/${id}/details`, { token, body });

describe('keys created by a key', () => {
	it('are deleted along with it', async () => {
		const { token, parent, all } = await makeFamily();
		expect(await worksEach(all)).toEqual([true, true, true, true]);
		expect((await api.request('DELETE', `/api/api-keys/${parent.id}`, { token })).status).toBe(204);
		expect(await worksEach(all)).toEqual([false, false, false, true]);
		const event = await api.prisma.auditEvent.findFirstOrThrow({
			where: { action: 'apiKey.delete', objectId: parent.id }
		});
		expect(event.changes).toEqual({ apiKeysEnded: { from: null, to: 2 } });
	});

	it('are deleted along with it, however it is deleted', async () => {
		const { parent, all } = await makeFamily();
		await api.pool.query('DELETE FROM "api_key" WHERE "id" = $1', [parent.id]);
		expect(await worksEach(all)).toEqual([false, false, false, true]);
	});

	it('are deleted when an admin deletes it', async () => {
		const admin = await api.accounts.signInAdmin();
		const { user, child, all } = await makeFamily();
		const path = `/api/admin/users/${user.id}/api-keys/${child.id}`;
		expect((await api.request('DELETE', path, { token: admin.token })).status).toBe(204);
		expect(await worksEach(all)).toEqual([true, false, false, true]);
	});

	it('are deleted when it is rotated, since a holder of the old secret may have created them', async () => {
		const { token, parent, all } = await makeFamily();
		const rotated = await api.request('POST', `/api/api-keys/${parent.id}/rotate`, { token });
		expect(await worksEach(all)).toEqual([false, false, false, true]);
		expect(await works(Made.parse(rotated.body).secret)).toBe(true);
	});

	it('never expire later than their parent, even if its expiry is set afterwards', async () => {
		const { token, parent, child, grandchild, all } = await makeFamily();
		const expiresAt = new Date(Date.now() + 60_000).toISOString();
		expect((await change(token, parent.id, { expiresAt })).status).toBe(200);
		for (const { id } of [child, grandchild])
			expect((await api.request('GET', `/api/api-keys/${id}/details`, { token })).body).toMatchObject({ expiresAt });
		const later = new Date(Date.now() + 120_000).toISOString();
		for (const wanted of [later, null]) {
			const reply = await change(token, child.id, { expiresAt: wanted });
			expect([reply.status, reply.body]).toEqual([
				400,
				message('Cannot make an API Key live longer than the calling one')
			]);
		}
		await api.prisma.apiKeyState.updateMany({ data: { expiresAt: new Date(0) }, where: { expiresAt: { not: null } } });
		expect(await worksEach(all)).toEqual([false, false, false, true]);
	});

	it('lose the permissions it loses, and are deleted if none are left', async () => {
		const { token, parent, child } = await makeFamily();
		const photos = await create({ apiKey: parent.secret }, ['asset.read']);
		expect((await change(token, parent.id, { permissions: ['user.read'] })).status).toBe(200);
		expect((await api.request('GET', `/api/api-keys/${child.id}`, { token })).body).toMatchObject({
			permissions: ['user.read']
		});
		expect((await api.request('GET', `/api/api-keys/${photos.id}`, { token })).status).toBe(400);
	});

	it('with `all` are reduced to its permissions when it loses `all`', async () => {
		const { token } = await api.accounts.signIn();
		const parent = await create({ token }, ['all']);
		const child = await create({ apiKey: parent.secret }, ['all']);
		await change(token, parent.id, { permissions: ['user.read'] });
		const shown = await api.request('GET', `/api/api-keys/${child.id}`, { token });
		expect(shown.body).toMatchObject({ permissions: ['user.read'] });
	});
});

describe('a new key', () => {
	it("notifies its owner, without the key's name", async () => {
		const notifications = new Notifications(api);
		const { user, token } = await api.accounts.signIn();
		const body = { name: 'Call 555-0100', permissions: ['user.read'] };
		for (const path of ['/api/api-keys', '/api/api-keys/details'])
			expect((await api.request('POST', path, { token, body })).status).toBe(201);
		const told = await notifications.listReceived(user.id);
		expect(told.map(({ title }) => title)).toEqual(['New API key', 'New API key']);
		expect(JSON.stringify(told)).not.toContain('555');
	});

	it('returns 400 for a user with 500 keys, even for concurrent requests', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.pool.query(
			`INSERT INTO "api_key" ("name", "key", "userId", "permissions")
			SELECT 'k', sha256(number::text::bytea), $1, '{user.read}' FROM generate_series(1, 498) AS number`,
			[user.id]
		);
		const body = { permissions: ['user.read'] };
		const ask = () => api.request('POST', '/api/api-keys', { token, body });
		const replies = await Promise.all([ask(), ask(), ask(), ask(), ask()]);
		expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 201, 400, 400, 400]);
		expect((await ask()).body).toEqual(message('A user can have at most 500 API keys'));
		const other = await api.accounts.signIn();
		expect((await api.request('POST', '/api/api-keys', { token: other.token, body })).status).toBe(201);
	});
});

it('POST /sessions: returns 400 for a user with 500 child sessions', async () => {
	const { user, token } = await api.accounts.signIn();
	const { id: parentId } = await api.prisma.session.findFirstOrThrow({ where: { userId: user.id } });
	await api.pool.query(
		`INSERT INTO "session" ("token", "userId", "parentId")
		SELECT sha256(number::text::bytea), $1, $2 FROM generate_series(1, 499) AS number`,
		[user.id, parentId]
	);
	const ask = () => api.request('POST', '/api/sessions', { token, body: {} });
	const replies = await Promise.all([ask(), ask(), ask()]);
	expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400]);
	expect((await ask()).body).toEqual(message('A user can have at most 500 sessions that other sessions started'));
});

describe('names of keys and sessions', () => {
	it.each([
		['POST', '/api/api-keys', { name: 'n'.repeat(201), permissions: ['all'] }],
		['POST', '/api/api-keys', { permissions: Array(2_000).fill('user.read') }],
		['POST', '/api/api-keys/details', { name: 'n'.repeat(201), permissions: ['all'] }],
		['POST', '/api/api-keys/details', { permissions: Array(2_000).fill('user.read') }],
		['POST', '/api/sessions', { deviceType: 'd'.repeat(101) }],
		['POST', '/api/sessions', { deviceOS: 'd'.repeat(101) }]
	])('%s %s limits its input: %#', async (method, path, body) => {
		const { token } = await api.accounts.signIn();
		expect((await api.request(method, path, { token, body })).status).toBe(400);
	});
});
