import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { ctrlC, useAdminCommand } from '#tests/support/immich-auth.ts';
import { listenBefore } from '#tests/support/other-immich.ts';

const api = useApi();
const { command, admin } = useAdminCommand(api);

const signInStatus = async (email: string, secret: string) =>
	(await api.request('POST', '/api/auth/login', { body: { email, password: secret } })).status;

describe('the import', () => {
	const header = 'email,name,quota,admin';
	const rows = (count: number) =>
		Array.from({ length: count }, (_, index) => `user${String(index)}@example.test,User ${String(index)},1GiB,no`);
	const many = (count: number) =>
		Array.from({ length: count }, (_, index) => `m${String(index)}@example.test,M`).join('\n');
	const put = (lines: readonly string[]) => command.write('new.csv', [header, ...lines].join('\n'));
	const countUsers = () => api.prisma.user.count();

	it('of 1,000 users is checked first, then done', async () => {
		await put(rows(1_000));
		const check = await command.json(['users', 'import', 'new.csv', '--dry-run']);
		expect(check).toMatchObject({ dryRun: true, total: 1_000, created: 0, failed: 0, resultFile: null });
		expect(check).toHaveProperty('lines.999.outcome', 'ready');
		expect(await countUsers()).toBe(1);
		expect(await api.prisma.userBatch.count()).toBe(0);
		// Hashing 1,000 passwords would take a minute.
		expect(await command.json(['users', 'import', 'new.csv', '--yes', '--no-temporary-passwords'])).toMatchObject({
			dryRun: false,
			total: 1_000,
			created: 1_000,
			failed: 0,
			resultFile: 'new.result.csv',
			passwordsFile: null
		});
		expect(await countUsers()).toBe(1_001);
		expect(await readdir(command.in())).not.toContain('new.passwords.csv');
	});

	it('writes temporary passwords for its owner only', async () => {
		await put(rows(3));
		expect(await command.json(['users', 'import', 'new.csv', '--yes'])).toMatchObject({
			created: 3,
			passwordsFile: 'new.passwords.csv'
		});
		const passwords = await readFile(command.in('new.passwords.csv'), 'utf8');
		expect(passwords.trim().split('\n')).toHaveLength(4);
		expect((await stat(command.in('new.passwords.csv'))).mode & 0o777).toBe(0o600);
		const secret = /user2@example\.test,"?([^"\r\n]+)/.exec(passwords)?.[1] ?? '';
		expect(await signInStatus('user2@example.test', secret)).toBe(201);
	});

	it('creates what it can, and says what became of the rest', async () => {
		await put([...rows(2), 'nonsense,X,,', 'root@example.test,Root,,', 'b@example.test,B,much,']);
		const check = await command.run(['users', 'import', 'new.csv', '--dry-run']);
		expect(check.code).toBe(1);
		expect(check.out).toMatch(/\n2 +user0@example\.test +User 0 +would be created\n/);
		expect(check.out).toMatch(/\n4 +nonsense +X +Invalid email address/);
		expect(check.out).toMatch(/\n5 +root@example\.test +Root +This email is already in use\n/);
		const { code, out, error } = await command.run([
			'users',
			'import',
			'new.csv',
			'--yes',
			'--result',
			'r.csv',
			'--json'
		]);
		expect([code, error]).toEqual([1, expect.stringContaining('3 of 5 users were not created')]);
		expect(JSON.parse(out)).toMatchObject({
			created: 2,
			failed: 3,
			lines: [
				{ line: 2, outcome: 'created' },
				{},
				{ line: 4, outcome: 'failed', reason: expect.any(String) as string },
				{},
				{}
			]
		});
		expect(await readFile(command.in('r.csv'), 'utf8')).toContain('nonsense');
		expect(await countUsers()).toBe(3);
	});

	it('replaces no file, and creates nothing then', async () => {
		await put(rows(1));
		await command.write('new.passwords.csv', 'mine');
		const { code, error } = await command.run(['users', 'import', 'new.csv', '--yes']);
		expect([code, error]).toEqual([1, expect.stringContaining('new.passwords.csv exists already')]);
		expect(await readFile(command.in('new.passwords.csv'), 'utf8')).toBe('mine');
		expect(await readdir(command.in())).not.toContain('new.result.csv');
		expect([await countUsers(), await api.prisma.userBatch.count()]).toEqual([1, 0]);
	});

	it('asks first, and does nothing if it is canceled', async () => {
		await put(rows(3));
		expect((await command.run(['users', 'import', 'new.csv'])).code).toBe(2);
		const terminal = command.terminal(['users', 'import', 'new.csv']);
		await terminal.see('Create 3 users?');
		terminal.press(ctrlC);
		expect(await terminal.ended()).toBe(1);
		expect([await countUsers(), await api.prisma.userBatch.count()]).toEqual([1, 0]);
		const confirmed = command.terminal(['users', 'import', 'new.csv']);
		await confirmed.see('Create 3 users?');
		confirmed.press('y');
		expect(await confirmed.ended()).toBe(0);
		expect(confirmed.shown).toContain('Creating users: 3 of 3');
		expect(await countUsers()).toBe(4);
	});

	it('is waited for after Ctrl-C, because it continues on the server', async () => {
		await put(rows(40));
		const terminal = command.terminal(['users', 'import', 'new.csv', '--yes']);
		await terminal.see('Creating users: 0 of 40');
		terminal.press(ctrlC);
		await terminal.see('Please wait for the temporary passwords');
		expect(await terminal.ended()).toBe(0);
		expect(terminal.shown).toContain('Created 40 of 40 users');
		expect((await readFile(command.in('new.passwords.csv'), 'utf8')).trim().split('\n')).toHaveLength(41);
	});

	it('continues on the server if the program is killed, and its results can be fetched', async () => {
		await put(rows(40));
		const killed = command.start(['users', 'import', 'new.csv', '--yes']);
		const ended = once(killed, 'close');
		const isRunning = async () => (await readFile(command.in('new.import.json'), 'utf8').catch(() => '')) !== '';
		while (!(await isRunning())) await setImmediate();
		killed.kill('SIGKILL');
		await ended;
		expect((await stat(command.in('new.import.json'))).mode & 0o777).toBe(0o600);
		expect(await command.json(['users', 'import', 'new.csv', '--resume'])).toMatchObject({ created: 40, failed: 0 });
		const passwords = await readFile(command.in('new.passwords.csv'), 'utf8');
		expect(passwords.trim().split('\n')).toHaveLength(41);
		expect(await readdir(command.in())).not.toContain('new.import.json');
	});

	it('waits while the server is away', async () => {
		let refused = 0;
		const between = await listenBefore(api.url, (incoming, response) => {
			if (!/^\/api\/admin\/user-batches\/[\da-f]{8}-[\da-f-]+$/.test(incoming.url ?? '') || refused === 1) return false;
			refused++;
			response.writeHead(502).end();
			return true;
		});
		try {
			await command.signIn(between.url, await api.accounts.makeApiKey(admin.id));
			await put(rows(1));
			expect(await command.json(['users', 'import', 'new.csv', '--yes'])).toMatchObject({ created: 1 });
			expect(refused).toBe(1);
		} finally {
			await between.close();
		}
	});

	it('is resumed only if one was started, and on its server', async () => {
		const resume = async () => (await command.run(['users', 'import', 'new.csv', '--resume'])).error;
		expect(await resume()).toContain('There is no import to resume');
		const running = { server: 'https://elsewhere.example', batchId: randomUUID(), downloadKey: 'secret' };
		await command.write('new.import.json', JSON.stringify(running));
		expect(await resume()).toContain('The import was started on https://elsewhere.example');
	});

	it.each([
		['with a BOM, CRLF and quotes', Buffer.from('\ufeffemail,name\r\na@b.test,"Bo, ""M"""\r\n'), 'Bo, "M"  would be'],
		['with semicolons', Buffer.from('email;name\na@b.test;Semi\n'), 'Semi  would be'],
		['of 10,001 lines', Buffer.from(`email,name\n${many(10_001)}`), '10001 of 10001 users would be created'],
		['with an email twice', Buffer.from('email,name\na@b.test,A\nA@b.test,B\n'), '1 of 2 users would be created'],
		['in Latin-1', Buffer.from('email,name\na@b.test,Jos\u00e9\n', 'latin1'), 'is not in UTF-8'],
		['with an open quote', Buffer.from('email,name\n"a@b.test,A\n'), 'never closed'],
		['without a line', Buffer.from(''), 'HTTP 400']
	])('reads a file %s', async (_, content, shown) => {
		await writeFile(command.in('new.csv'), content);
		const { out, error } = await command.run(['users', 'import', 'new.csv', '--dry-run']);
		expect(out + error).toContain(shown);
	});

	it('refuses a file that no server takes, and a folder', async () => {
		await writeFile(command.in('new.csv'), Buffer.alloc(65 * 1024 ** 2, 'x'));
		const large = await command.run(['users', 'import', 'new.csv']);
		expect([large.code, large.error]).toEqual([1, expect.stringContaining('is too large')]);
		const folder = await command.run(['users', 'import', '.']);
		expect([folder.code, folder.error]).toEqual([1, expect.stringContaining('it is a folder')]);
	});

	it('names a folder that does not exist', async () => {
		await put(rows(1));
		const { code, error } = await command.run(['users', 'import', 'new.csv', '--yes', '--result', 'none/r.csv']);
		expect([code, error]).toEqual([1, expect.stringContaining('the folder does not exist\n')]);
		expect(await countUsers()).toBe(1);
	});

	it('refuses what is no such file', async () => {
		expect((await command.run(['users', 'import', 'missing.csv'])).error).toContain('There is no file missing.csv');
		await command.write('new.csv', 'name\nX');
		const { code, error } = await command.run(['users', 'import', 'new.csv', '--dry-run']);
		expect([code, error]).toEqual([1, expect.stringContaining('email')]);
	});
});
