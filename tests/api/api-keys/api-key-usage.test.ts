import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { permissions } from '#lib/contract/permissions/permission.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';
import { startServer } from '#tests/support/server.ts';

const api = useApi();
const Usage = z.object({
	lastUsedAt: z.string().nullable(),
	lastUsedFrom: z.string().nullable(),
	lastUsedBy: z.string().nullable(),
	days: z.literal(30),
	used: z.array(z.object({ permission: z.string(), count: z.int(), lastUsedAt: z.string() })),
	trimmed: z.array(z.string()).nullable()
});

/** Creates a user with a key as Immich creates it, without rows in our own tables. */
async function makeKey(held: Parameters<typeof api.accounts.makeApiKey>[1], admin = false) {
	const { user, token } = await api.accounts.signIn({ isAdmin: admin });
	const apiKey = await api.accounts.makeApiKey(user.id, held);
	const { id } = await api.prisma.apiKey.findFirstOrThrow({ where: { key: hashSecret(apiKey) } });
	const usage = async () => Usage.parse((await api.request('GET', `/api/api-keys/${id}/details`, { token })).body);
	const counts = async () =>
		Object.fromEntries((await usage()).used.map(({ permission, count }) => [permission, count]));
	const trim = (kept: readonly string[]) =>
		api.request('POST', `/api/api-keys/${id}/trim`, { token, body: { permissions: kept } });
	return { user, token, apiKey, id, usage, counts, trim };
}
const call = (apiKey: string, path: string, headers: Record<string, string> = {}) =>
	api.request('GET', path, { apiKey, headers });

describe('the usage of a key', () => {
	it('counts the permissions checked by the auth hook, but not rejected requests or operations without a permission', async () => {
		const { apiKey, usage, counts } = await makeKey(['user.read', 'album.read']);
		expect(await usage()).toMatchObject({ lastUsedAt: null, used: [], trimmed: null });
		for (let time = 0; time < 3; time++) expect((await call(apiKey, '/api/users/me')).status).toBe(200);
		expect((await call(apiKey, '/api/sessions')).status).toBe(403);
		expect((await call(apiKey, '/api/api-keys/me')).status).toBe(200);
		expect(await counts()).toEqual({ 'user.read': 3 });
	});

	it.each([
		['curl/8.5.0', 'curl 8.5.0'],
		['immich-android/3.2.2', 'Immich app 3.2.2'],
		['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
		['', null],
		['x'.repeat(5_000), 'x'.repeat(60)]
	])('shows when, from where and by which program it was used: %s', async (agent, program) => {
		const { apiKey, usage } = await makeKey(['user.read']);
		await call(apiKey, '/api/users/me', agent ? { 'user-agent': agent } : {});
		const { lastUsedAt, lastUsedFrom, lastUsedBy } = await usage();
		expect(Math.abs(Date.parse(lastUsedAt ?? '') - Date.now())).toBeLessThan(10_000);
		expect([lastUsedFrom?.replace('::ffff:', ''), lastUsedBy]).toEqual(['127.0.0.1', program]);
	});

	it("appears immediately in the user's and the admin's list", async () => {
		const { user, token, apiKey } = await makeKey(['user.read']);
		const { token: admin } = await api.accounts.signInAdmin();
		for (const [path, reader] of [
			['/api/api-keys/details', token],
			[`/api/admin/users/${user.id}/api-keys`, admin]
		] as const) {
			const agent = `program-${String(path.length)}/1.0`;
			expect((await call(apiKey, '/api/users/me', { 'user-agent': agent })).status).toBe(200);
			const { body } = await api.request('GET', path, { token: reader });
			expect(body).toMatchObject({ keys: [{ lastUsedBy: agent.replace('/', ' ') }] });
		}
	});

	it('is written in the background, without being queried', async () => {
		const { apiKey, id } = await makeKey(['user.read']);
		await call(apiKey, '/api/users/me');
		expect(await api.prisma.apiKeyUsage.count({ where: { keyId: id } })).toBe(0);
		await vi.waitFor(
			async () => {
				expect(await api.prisma.apiKeyUsage.findMany({ where: { keyId: id } })).toMatchObject([
					{ permission: 'user.read', count: 1 }
				]);
			},
			{ timeout: 8_000, interval: 200 }
		);
	});

	it('is kept apart for two concurrent keys, without losing any', async () => {
		const [one, other] = [await makeKey(['all']), await makeKey(['user.read', 'session.read'])];
		await Promise.all(
			Array.from({ length: 60 }, (_, index) =>
				index % 3 === 0 ? call(one.apiKey, '/api/users/me') : call(other.apiKey, '/api/sessions')
			)
		);
		expect(await one.counts()).toEqual({ 'user.read': 20 });
		expect(await other.counts()).toEqual({ 'session.read': 40 });
	});

	it('adds up across two instances, and is flushed when one stops', async () => {
		const { apiKey, counts, token, id } = await makeKey(['user.read']);
		const second = await startServer({ DATABASE_URL: api.databaseUrl, DATA_DIR: api.dataDir });
		const headers = { 'x-api-key': apiKey };
		try {
			await Promise.all(
				Array.from({ length: 20 }, async (_, index) =>
					index % 2 ? call(apiKey, '/api/users/me') : fetch(`${second.url}/api/users/me`, { headers })
				)
			);
		} finally {
			await second.stop();
		}
		expect(await counts()).toEqual({ 'user.read': 20 });
		expect((await api.request('GET', `/api/api-keys/${id}/details`, { token })).status).toBe(200);
	});

	it('of a deleted key does not prevent writing that of others', async () => {
		const [gone, other] = [await makeKey(['user.read']), await makeKey(['user.read'])];
		await Promise.all([call(gone.apiKey, '/api/users/me'), call(other.apiKey, '/api/users/me')]);
		await api.request('DELETE', `/api/api-keys/${gone.id}`, { token: gone.token });
		expect(await other.counts()).toEqual({ 'user.read': 1 });
		expect(await api.prisma.apiKeyUsage.count({ where: { keyId: gone.id } })).toBe(0);
	});

	it('covers thirty days and is deleted after that', async () => {
		const { apiKey, id, counts } = await makeKey(['user.read', 'tag.read', 'album.read']);
		const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
		for (const [permission, days] of [
			['tag.read', 29],
			['album.read', 31]
		] as const)
			await api.prisma.apiKeyUsage.create({
				data: { keyId: id, permission, count: 5, day: daysAgo(days), lastUsedAt: daysAgo(days) }
			});
		expect(await counts()).toEqual({ 'tag.read': 5 });
		await call(apiKey, '/api/users/me');
		expect(await counts()).toEqual({ 'tag.read': 5, 'user.read': 1 });
		expect(await api.prisma.apiKeyUsage.count({ where: { keyId: id } })).toBe(2);
	});
});

describe('POST /api-keys/{id}/trim', () => {
	it('returns 200 and keeps exactly what was used', async () => {
		const { apiKey, usage, trim } = await makeKey(['user.read', 'session.read', 'album.read', 'asset.read']);
		await call(apiKey, '/api/sessions');
		await call(apiKey, '/api/users/me');
		const { trimmed } = await usage();
		expect(trimmed).toEqual(permissions.filter((name) => ['user.read', 'session.read'].includes(name)));
		const reply = await trim(['user.read', 'session.read']);
		expect([reply.status, reply.body]).toEqual([200, expect.objectContaining({ permissions: trimmed })]);
		expect((await call(apiKey, '/api/users/me')).status).toBe(200);
		expect((await usage()).trimmed).toBeNull();
	});

	it("removes 'all' from a key that used it for less", async () => {
		const { apiKey, usage, trim } = await makeKey(['all', 'tag.read']);
		await call(apiKey, '/api/users/me');
		expect((await usage()).trimmed).toEqual(['user.read']);
		expect((await trim(['user.read'])).status).toBe(200);
		expect((await call(apiKey, '/api/sessions')).status).toBe(403);
	});

	it("keeps 'all' if an operation was used that requires it", async () => {
		const { apiKey, usage } = await makeKey(['all', 'tag.read'], true);
		const other = await api.accounts.makeUser();
		const forced = `/api/admin/users/${other.id}/force-password-change`;
		await api.request('POST', forced, { apiKey });
		expect((await usage()).trimmed).toEqual(['adminUser.forcePw']);
		// Reading the audit log has no permission of its own.
		await call(apiKey, '/api/admin/audit-events');
		expect((await usage()).trimmed).toEqual(['all']);
	});

	it('returns 400 for anything but the current usage, and changes nothing', async () => {
		const { apiKey, usage, trim, token, id } = await makeKey(['user.read', 'session.read', 'album.read']);
		expect((await trim(['user.read'])).status).toBe(400);
		await call(apiKey, '/api/users/me');
		for (const kept of [['album.read'], ['user.read', 'album.read'], ['user.read', 'tag.read']]) {
			const reply = await trim(kept);
			expect([reply.status, reply.body]).toEqual([
				400,
				message('What the API Key has used is no longer what this goes by')
			]);
		}
		// The key is used again after the page was opened.
		await usage();
		await call(apiKey, '/api/sessions');
		expect((await trim(['user.read'])).status).toBe(400);
		const { body } = await api.request('GET', `/api/api-keys/${id}`, { token });
		expect(body).toMatchObject({ permissions: ['user.read', 'session.read', 'album.read'] });
	});

	it.each([{}, { permissions: [] }, { permissions: 'user.read' }, { permissions: [5] }])(
		'returns 400 for %j',
		async (body) => {
			const { token, id } = await makeKey(['user.read']);
			expect((await api.request('POST', `/api/api-keys/${id}/trim`, { token, body })).status).toBe(400);
		}
	);
});
