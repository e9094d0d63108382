import { describe, expect, it } from 'vitest';
import { useImmich, type Attached } from '#tests/support/attached.ts';
import { RunningImmich, immichPassword, sha256 } from '#tests/support/running-immich.ts';

const beside = useImmich();
/** How soon changes that a restore made must be noticed. */
const withinSeconds = { timeout: 8_000, interval: 100 };

const readMe = async ({ send }: Attached, token: string) => (await send('GET', '/api/users/me', { token })).status;

const countTriggers = async (immich: RunningImmich): Promise<number> => {
	const { rows } = await immich.pool.query<{ count: number }>(
		`SELECT count(*)::int AS count FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
		WHERE relnamespace = 'public'::regnamespace AND tgname LIKE 'immich\\_auth\\_%'`
	);
	return rows[0]?.count ?? 0;
};

/** Whether the server still follows what Immich changes, and works. */
async function expectWorking(immich: RunningImmich, attached: Attached, admin: string, userId: string): Promise<void> {
	await expect.poll(() => readMe(attached, admin), withinSeconds).toBe(200);
	await expect.poll(() => countTriggers(immich), withinSeconds).toBeGreaterThan(15);
	const [token = ''] = await immich.addSessions([userId], 1);
	await expect.poll(() => readMe(attached, token), withinSeconds).toBe(200);
	await immich.pool.query('DELETE FROM "session" WHERE "token" = $1', [sha256(token)]);
	await expect.poll(() => readMe(attached, token), withinSeconds).toBe(401);
	const body = { email: 'user2@example.org', password: immichPassword };
	expect((await attached.send('POST', '/api/auth/login', { body })).status).toBe(201);
}

describe("Immich's restore", () => {
	it('of a backup made before attaching', { timeout: 90_000 }, async () => {
		const immich = await beside.createImmich('3.1');
		const [adminId = '', userId = ''] = await immich.addUsers(2);
		const [admin = ''] = await immich.addSessions([adminId], 1);
		const backup = await immich.backUp();
		const attached = await beside.attach(immich.url);
		const [late = ''] = await immich.addSessions([userId], 1);
		expect([await readMe(attached, admin), await readMe(attached, late)]).toEqual([200, 200]);
		await immich.restore(backup);
		await expect.poll(() => readMe(attached, late), withinSeconds).toBe(401);
		await expectWorking(immich, attached, admin, userId);
		await attached.stop();
		const again = await beside.attach(immich.url);
		await expectWorking(immich, again, admin, userId);
	});

	it('of a backup made after attaching', { timeout: 90_000 }, async () => {
		const immich = await beside.createImmich('3.1');
		const [adminId = '', userId = ''] = await immich.addUsers(2);
		const [admin = ''] = await immich.addSessions([adminId], 1);
		const attached = await beside.attach(immich.url);
		expect(await readMe(attached, admin)).toBe(200);
		const backup = await immich.backUp();
		const [late = ''] = await immich.addSessions([userId], 1);
		expect(await readMe(attached, late)).toBe(200);
		await immich.restore(backup);
		await expect.poll(() => readMe(attached, late), withinSeconds).toBe(401);
		await expectWorking(immich, attached, admin, userId);
		await attached.stop();
		const again = await beside.attach(immich.url);
		await expectWorking(immich, again, admin, userId);
	});

	it('of a backup made after attaching, into an Immich without us', { timeout: 90_000 }, async () => {
		const immich = await beside.createImmich('3.1');
		const [adminId = '', userId = ''] = await immich.addUsers(2);
		const [admin = ''] = await immich.addSessions([adminId], 1);
		const attached = await beside.attach(immich.url);
		expect(await readMe(attached, admin)).toBe(200);
		const backup = await immich.backUp();
		await attached.stop();
		const other = await beside.createImmich('3.1');
		await other.addUsers(5);
		await other.restore(backup);
		const again = await beside.attach(other.url);
		await expectWorking(other, again, admin, userId);
	});
});
