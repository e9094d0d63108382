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
		const image = await send('DELETE', '/api/users/profile-image', { token: admin });
		expect(image.body).toMatchObject({ message: expect.stringContaining('in Immich') as string });
	});
});

describe('a server attached to a large Immich', () => {
	it('keeps 1,000 users with 5,000 sessions signed in', { timeout: 120_000 }, async () => {
		const immich = await beside.createImmich('3.2');
		const ids = await immich.addUsers(1_000);
		const tokens = await immich.addSessions(ids, 5_000);
		const { send } = await beside.attach(immich.url);
		const answers = new Map<number, number>();
		for (let first = 0; first < tokens.length; first += 50)
			for (const { status } of await Promise.all(
				tokens.slice(first, first + 50).map((token) => send('GET', '/api/auth/status', { token }))
			))
				answers.set(status, (answers.get(status) ?? 0) + 1);
		expect([...answers]).toEqual([[200, 5_000]]);
		const { rows } = await immich.pool.query('SELECT count(*)::int AS count FROM "session"');
		expect(rows).toEqual([{ count: 5_000 }]);
	});
});

describe('what is shared with a running Immich', () => {
	it('contains settings as Immich writes them, and not our maintenance', { timeout: 60_000 }, async () => {
		const immich = await beside.createImmich('3.1');
		const [adminId = ''] = await immich.addUsers(2);
		const [admin = ''] = await immich.addSessions([adminId], 1);
		const settings = { oauth: { clientId: 'immich', clientSecret: 'in plain text' } };
		await immich.pool.query(`INSERT INTO system_metadata ("key", "value") VALUES ('system-config', $1)`, [settings]);
		const { send } = await beside.attach(immich.url);
		const readStored = async (key: string) =>
			(await immich.pool.query<{ value: unknown }>('SELECT "value" FROM system_metadata WHERE "key" = $1', [key]))
				.rows[0]?.value;
		expect(await readStored('system-config')).toEqual(settings);
		const config = await send('GET', '/api/system-config', { token: admin });
		expect(config.status).toBe(200);
		const changed = config.body as {
			oauth: { clientSecret: string };
			notifications: { smtp: { transport: { password: string } } };
		};
		changed.oauth.clientSecret = 'another one';
		changed.notifications.smtp.transport.password = 'of the mail server';
		expect((await send('PUT', '/api/system-config', { token: admin, body: changed })).status).toBe(200);
		expect(await readStored('system-config')).toMatchObject({
			oauth: { clientSecret: 'another one' },
			notifications: { smtp: { transport: { password: 'of the mail server' } } }
		});

		const start = { token: admin, body: { action: 'start' } };
		expect((await send('POST', '/api/admin/maintenance', start)).status).toBeLessThan(300);
		expect(await readStored('maintenance-mode')).toBeUndefined();
		const isOn = async () =>
			((await send('GET', '/api/server/config')).body as { maintenanceMode: boolean }).maintenanceMode;
		expect(await isOn()).toBe(true);
		expect(await beside.run(immich.url, 'disable-maintenance-mode')).toMatchObject({ code: 0 });
		await expect.poll(isOn, { timeout: 2_000, interval: 20 }).toBe(false);

		const mode = { isMaintenanceMode: true, secret: 'Immich started it', action: { action: 'start' } };
		await immich.pool.query(`INSERT INTO system_metadata ("key", "value") VALUES ('maintenance-mode', $1)`, [mode]);
		await expect.poll(isOn, { timeout: 2_000, interval: 20 }).toBe(true);
		await immich.pool.query(
			`UPDATE system_metadata SET "value" = '{"isMaintenanceMode": false}' WHERE "key" = 'maintenance-mode'`
		);
		await expect.poll(isOn, { timeout: 2_000, interval: 20 }).toBe(false);
	});

	it('loses our rows with the ones they belong to, without foreign keys', { timeout: 60_000 }, async () => {
		const immich = await beside.createImmich('3.2');
		const [adminId = '', userId = ''] = await immich.addUsers(2);
		const [admin = ''] = await immich.addSessions([adminId], 1);
		const { send, stop } = await beside.attach(immich.url);
		const login = { email: 'user2@example.org', password: immichPassword };
		const signedIn = (await send('POST', '/api/auth/login', { body: login })).body as { accessToken: string };
		const key = { name: 'Parent', permissions: ['all'] };
		const parent = (await send('POST', '/api/api-keys', { token: signedIn.accessToken, body: key })).body as {
			secret: string;
			apiKey: { id: string };
		};
		expect((await send('POST', '/api/api-keys', { apiKey: parent.secret, body: key })).status).toBe(201);
		const count = async (table: string, where: string) =>
			(await immich.pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table} WHERE ${where}`)).rows[0]
				?.count;
		const ofUser = `"userId" = '${userId}'`;
		expect(await count('api_key', ofUser)).toBe(2);
		// A key ends with the key that created it, also if Immich deletes that.
		await immich.pool.query('DELETE FROM api_key WHERE "id" = $1', [parent.apiKey.id]);
		expect(await count('api_key', ofUser)).toBe(0);
		expect(await count('immich_auth.session_origin', '"signInAddress" IS NOT NULL')).toBe(1);
		expect(await count('immich_auth.user_activity', ofUser)).toBe(1);
		await immich.pool.query('DELETE FROM "user" WHERE "id" = $1', [userId]);
		expect(await count('immich_auth.session_origin', '"signInAddress" IS NOT NULL')).toBe(0);
		expect(await count('immich_auth.user_activity', ofUser)).toBe(0);
		expect((await send('GET', '/api/users/me', { token: admin })).status).toBe(200);

		// What a trigger has missed is swept at the next start.
		await stop();
		await immich.pool.query(`INSERT INTO immich_auth.user_activity ("userId") VALUES ($1)`, [userId]);
		await beside.attach(immich.url);
		expect(await count('immich_auth.user_activity', ofUser)).toBe(0);
	});
});
