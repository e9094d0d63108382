import { compare } from 'bcrypt';
import { describe, expect, it } from 'vitest';
import { useImmich } from '#tests/support/attached.ts';
import { immichPassword, sha256, type RunningImmich } from '#tests/support/running-immich.ts';

const beside = useImmich();

/** Everything of Immich's schema but our triggers. */
async function dumpWithoutTriggers(immich: RunningImmich): Promise<string> {
	return (await immich.dumpPublic())
		.replaceAll(/(--\n-- Name: [^\n]*\n--\n\n)?CREATE TRIGGER immich_auth_[^\n]*\n/g, '')
		.replaceAll(/\n{3,}/g, '\n\n');
}

describe.each(['3.0', '3.1', '3.2'] as const)('a server attached to Immich %s', (version) => {
	it('changes nothing of its tables but triggers, and detach removes those', { timeout: 60_000 }, async () => {
		const immich = await beside.createImmich(version);
		await immich.addUsers(3);
		const [before, exact] = [await dumpWithoutTriggers(immich), await immich.dumpPublic()];
		const { stop } = await beside.attach(immich.url);
		expect(await dumpWithoutTriggers(immich)).toBe(before);
		const early = await beside.run(immich.url, 'detach', '--yes');
		expect(early).toMatchObject({ code: 1, error: expect.stringContaining('Stop every one of them first') as string });
		await stop();
		const detached = await beside.run(immich.url, 'detach', '--yes');
		expect(detached).toMatchObject({ code: 0, error: '' });
		expect(await immich.dumpPublic()).toBe(exact);
		const { rows } = await immich.pool.query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'immich%'`);
		expect(rows).toEqual([]);
		expect(await beside.run(immich.url, 'detach', '--yes')).toMatchObject({ code: 1 });
	});

	it('keeps everyone signed in, and both see what the other changes', { timeout: 60_000 }, async () => {
		const immich = await beside.createImmich(version);
		const ids = await immich.addUsers(4);
		const [admin = '', token = '', other = ''] = await immich.addSessions(ids, 8);
		const { send } = await beside.attach(immich.url);
		const me = async (sent: string) => (await send('GET', '/api/users/me', { token: sent })).status;
		expect([await me(admin), await me(token)]).toEqual([200, 200]);

		// Ended here, it is gone there; ended there, it is gone here.
		expect((await send('POST', '/api/auth/logout', { token })).status).toBe(200);
		expect(await immich.isSignedIn(token)).toBe(false);
		await immich.pool.query('DELETE FROM "session" WHERE "token" = $1', [sha256(other)]);
		await expect.poll(() => me(other), { timeout: 2_000, interval: 20 }).toBe(401);

		const login = await send('POST', '/api/auth/login', {
			body: { email: 'user2@example.org', password: immichPassword }
		});
		expect(login.status).toBe(201);
		expect(await immich.isSignedIn((login.body as { accessToken: string }).accessToken)).toBe(true);

		const body = { email: 'new@example.org', name: 'New', password: 'a new horse battery', storageLabel: 'new' };
		const made = await send('POST', '/api/admin/users', { token: admin, body });
		expect([made.status, made.body]).toEqual([201, expect.objectContaining({ name: 'New', storageLabel: 'new' })]);
		const { id } = made.body as { id: string };
		const again = await send('POST', '/api/admin/users', { token: admin, body });
		expect(again.status).toBe(400);
		const stored = await immich.pool.query<{ password: string }>('SELECT "password" FROM "user" WHERE "id" = $1', [id]);
		expect(await compare('a new horse battery', stored.rows[0]?.password ?? '')).toBe(true);
		expect((await send('PUT', `/api/admin/users/${id}`, { token: admin, body: { name: 'Newer' } })).status).toBe(200);
		expect((await send('GET', '/api/admin/users', { token: admin })).body).toHaveLength(5);
		expect((await send('GET', '/api/users', { token: admin })).status).toBe(200);
		expect((await send('GET', '/api/sessions', { token: admin })).status).toBe(200);
		const key = { name: 'Key', permissions: ['all'] };
		expect((await send('POST', '/api/api-keys', { token: admin, body: key })).status).toBe(201);
	});

	it('leaves deleting permanently to Immich', { timeout: 60_000 }, async () => {
		const immich = await beside.createImmich(version);
		const [adminId = '', id = ''] = await immich.addUsers(2);
		const [admin = ''] = await immich.addSessions([adminId], 1);
		const { send } = await beside.attach(immich.url);
		const forced = await send('DELETE', `/api/admin/users/${id}`, { token: admin, body: { force: true } });
		expect([forced.status, forced.body]).toEqual([
			400,
			expect.objectContaining({ message: expect.stringContaining('in Immich') as string })
		]);
		const { rows } = await immich.pool.query('SELECT "deletedAt" FROM "user" WHERE "id" = $1', [id]);
		expect(rows).toEqual([{ deletedAt: null }]);
		expect((await send('DELETE', `/api/admin/users/${id}`, { token: admin, body: {} })).status).toBe(200);
	});
});
