import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { useImmich } from '#tests/support/attached.ts';
import { startServer } from '#tests/support/server.ts';

const beside = useImmich();

/** Everything in a database, for comparison. */
const dumpAll = (url: string) =>
	beside.postgres.dump(url).then((dump) => dump.replaceAll(/^\\(un)?restrict .*$/gm, ''));

async function query(url: string, sql: string): Promise<void> {
	const client = new pg.Client(url);
	await client.connect();
	await client.query(sql);
	await client.end();
}

describe('immich-admin attach', () => {
	it.each(['3.0', '3.1', '3.2'] as const)(
		'--check reports what it found and changes nothing: %s',
		{ timeout: 60_000 },
		async (version) => {
			const immich = await beside.createImmich(version);
			await immich.addUsers(2);
			const before = await dumpAll(immich.url);
			const { code, out, error } = await beside.run(immich.url, 'attach', '--check');
			expect([code, error]).toEqual([0, '']);
			expect(out).toContain(`Immich: ${version}.3, with the tables of ${version}.`);
			expect(out).toMatch(/Would create: the schemas immich_auth and immich_auth_jobs \(\d+ migrations\)/);
			expect(out).toContain('session (4)');
			expect(await dumpAll(immich.url)).toBe(before);

			expect(await beside.run(immich.url, 'attach')).toMatchObject({ code: 0 });
			expect((await beside.run(immich.url, 'attach', '--check')).out).toContain('attached already');
			const users = await beside.run(immich.url, 'list-users', '--json');
			expect(JSON.parse(users.out)).toHaveLength(2);
			expect(await beside.run(immich.url, 'detach', '--yes')).toMatchObject({ code: 0 });
			expect(await dumpAll(immich.url)).toBe(before);
		}
	);

	it.each([
		['an empty database', '', 'This database is empty'],
		['another program’s', 'CREATE TABLE things (id int)', 'tables of another program (things)'],
		['Immich 2’s', 'CREATE TABLE users (id int); CREATE TABLE sessions (id int)', 'older than 3.0']
	])('refuses %s database in one line', async (_, sql, words) => {
		const url = await beside.postgres.createDatabase(`other_${Math.random().toString(36).slice(2)}`);
		if (sql !== '') await query(url, sql);
		const before = await dumpAll(url);
		for (const given of [['attach', '--check'], ['attach']]) {
			const { code, out, error } = await beside.run(url, ...given);
			expect([code, out]).toEqual([1, '']);
			expect(error.split('\n')[0]).toContain(words);
		}
		if (sql !== '') {
			const failure = await startServer({ DATABASE_URL: url }).catch((error: unknown) => String(error));
			expect(failure).toContain(words);
		}
		expect(await dumpAll(url)).toBe(before);
	});

	it.each([
		[
			'half migrated',
			'DROP TABLE notification; ALTER TABLE "session" DROP COLUMN "appVersion"',
			'it lacks session.appVersion, the table notification'
		],
		['half upgraded', 'DROP TABLE cluster_group CASCADE', 'still migrating']
	])('refuses an Immich that is %s in one line', async (_, sql, words) => {
		const immich = await beside.createImmich('3.1');
		await immich.pool.query(sql);
		const before = await dumpAll(immich.url);
		const { code, error } = await beside.run(immich.url, 'attach', '--check');
		expect([code, error.split('\n')[0]]).toEqual([1, expect.stringContaining(words) as string]);
		const failure = await startServer({ DATABASE_URL: immich.url }).catch((error: unknown) => String(error));
		expect(failure).toContain(words);
		expect(await dumpAll(immich.url)).toBe(before);
	});

	it('refuses a user who can only read in one line', async () => {
		const immich = await beside.createImmich('3.1');
		const role = `reader_${Math.random().toString(36).slice(2)}`;
		await immich.pool.query(`CREATE ROLE ${role} LOGIN; GRANT pg_read_all_data TO ${role}`);
		const before = await dumpAll(immich.url);
		const url = immich.url.replace('postgres@', `${role}@`);
		for (const given of [['attach', '--check'], ['attach']]) {
			const { code, error } = await beside.run(url, ...given);
			expect([code, error.split('\n')[0]]).toEqual([
				1,
				expect.stringMatching(/not allowed to write to the table user/) as string
			]);
		}
		expect(await dumpAll(immich.url)).toBe(before);
	});
});

describe('immich-admin detach', () => {
	it('never deletes a database of our own', { timeout: 60_000 }, async () => {
		const url = await beside.postgres.createDatabase(`own_${Math.random().toString(36).slice(2)}`);
		expect(await beside.run(url, 'migrate')).toMatchObject({ code: 0 });
		const before = await dumpAll(url);
		const { code, error } = await beside.run(url, 'detach', '--yes');
		expect([code, error.split('\n')[0]]).toEqual([1, expect.stringContaining('not attached to an Immich') as string]);
		expect(await dumpAll(url)).toBe(before);
	});

	it('asks before, and --yes is needed without a terminal', async () => {
		const immich = await beside.createImmich('3.1');
		await beside.run(immich.url, 'attach');
		expect(await beside.run(immich.url, 'detach')).toMatchObject({
			code: 2,
			error: expect.stringContaining('--yes') as string
		});
		expect(await beside.run(immich.url, 'attach', '--check')).toMatchObject({ code: 0 });
	});
});
