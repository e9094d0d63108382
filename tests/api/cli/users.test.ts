import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { ctrlC, useImmichAuth } from '#tests/support/immich-auth.ts';
import { listenBefore } from '#tests/support/other-immich.ts';

const api = useApi();
const command = useImmichAuth();
let adminId: string;

beforeEach(async () => {
	await api.reset();
	const admin = await api.accounts.makeAdmin({ email: 'root@example.test', name: 'Root' });
	adminId = admin.id;
	await command.signIn(api.url, await api.accounts.makeApiKey(adminId));
});

const signInStatus = async (email: string, secret: string) =>
	(await api.request('POST', '/api/auth/login', { body: { email, password: secret } })).status;

describe('users', () => {
	it('are created with a temporary password, shown and listed', async () => {
		const args = ['users', 'create', 'ada@example.test', '--name', 'Ada', '--quota', '10GiB', '--storage-label', 'ada'];
		const made = (await command.json(args)) as { user: { id: string }; password: string };
		expect(made).toMatchObject({
			user: {
				email: 'ada@example.test',
				name: 'Ada',
				isAdmin: false,
				storageLabel: 'ada',
				quotaSizeInBytes: 10 * 1024 ** 3,
				shouldChangePassword: true,
				isOAuthLinked: false
			}
		});
		expect(await signInStatus('ada@example.test', made.password)).toBe(201);
		expect(await command.json(['users', 'show', 'ada@example.test'])).toMatchObject({ id: made.user.id });
		expect(await command.json(['users', 'show', 'AD'])).toMatchObject({ id: made.user.id });
		expect(await command.json(['users', 'show', made.user.id])).toMatchObject({ email: 'ada@example.test' });
		expect(await command.json(['users', 'show', made.user.id.slice(0, 13)])).toMatchObject({ name: 'Ada' });
		expect(await command.json(['users', 'list', '--admins'])).toMatchObject([{ email: 'root@example.test' }]);
		const { out } = await command.run(['users', 'list', '--search', 'ADA']);
		expect(out).toMatch(/^Email.*\nada@example\.test +Ada +no +must change password +10 GiB/);
		expect((await command.run(['users', 'list', '--search', 'nothing'])).out).toBe('No users match.\n');
	});

	it('take a given password from standard input, and do not show it', async () => {
		const args = ['users', 'create', 'ada@example.test', '--name', 'Ada', '--password-stdin'];
		expect(await command.json(args, { input: password })).toMatchObject({ password: null });
		expect(await signInStatus('ada@example.test', password)).toBe(201);
	});

	it('are named by a unique beginning only', async () => {
		for (const name of ['ada', 'adam']) await api.accounts.makeUser({ email: `${name}@example.test` });
		const { code, error } = await command.run(['users', 'show', 'ada']);
		expect([code, error]).toEqual([1, expect.stringMatching(/beginning of 2 users: .*ada@example\.test/)]);
		expect(await command.json(['users', 'show', 'ada@'])).toMatchObject({ email: 'ada@example.test' });
		for (const name of ['nobody', 'da@example.test', ' ', '5f0e7bd4-6ad4-4d2a-9ec1-2f3a3a1f8d11'])
			expect([name, (await command.run(['users', 'show', name])).error]).toEqual([
				name,
				expect.stringContaining('No user matches')
			]);
	});

	it('are changed', async () => {
		await api.accounts.makeUser({ email: 'ada@example.test', quotaSizeInBytes: 5n, storageLabel: 'x' });
		const args = [
			'users',
			'update',
			'ada@example.test',
			'--name',
			'Ada L.',
			'--quota',
			'none',
			'--storage-label',
			'none'
		];
		expect(await command.json([...args, '--admin'])).toMatchObject({
			name: 'Ada L.',
			quotaSizeInBytes: null,
			storageLabel: null,
			isAdmin: true
		});
		expect(await command.json(['users', 'update', 'ada', '--no-admin', '--email', 'b@example.test'])).toMatchObject({
			name: 'Ada L.',
			email: 'b@example.test',
			isAdmin: false
		});
		expect((await command.run(['users', 'update', 'b@example.test'])).code).toBe(2);
		expect((await command.run(['users', 'update', 'b@example.test', '--quota', 'much'])).code).toBe(2);
		const { code, error } = await command.run(['users', 'update', 'b@example.test', '--email', 'nonsense']);
		expect([code, error]).toEqual([1, expect.stringContaining('Validation failed: email')]);
	});

	it('are deleted after a confirmation, and restored', async () => {
		const { id } = await api.accounts.makeUser({ email: 'ada@example.test' });
		const isDeleted = async () => (await api.accounts.findUser(id)).deletedAt !== null;
		expect((await command.run(['users', 'delete', 'ada'])).code).toBe(2);
		const declined = command.terminal(['users', 'delete', 'ada']);
		await declined.see('Delete ada@example.test?');
		declined.press('\r');
		expect([await declined.ended(), await isDeleted()]).toEqual([1, false]);
		const canceled = command.terminal(['users', 'delete', 'ada']);
		await canceled.see('Delete ada@example.test?');
		canceled.press(ctrlC);
		expect([await canceled.ended(), await isDeleted()]).toEqual([1, false]);
		const confirmed = command.terminal(['users', 'delete', 'ada']);
		await confirmed.see('Delete ada@example.test?');
		confirmed.press('y');
		expect([await confirmed.ended(), await isDeleted()]).toEqual([0, true]);
		expect(await command.json(['users', 'restore', 'ada@example.test'])).toMatchObject({ status: 'active' });
		expect(await isDeleted()).toBe(false);
		expect(await command.json(['users', 'delete', 'ada', '--force', '--yes'])).toMatchObject({
			email: 'ada@example.test'
		});
	});

	it('get a temporary password, or have to choose a new one', async () => {
		const { user } = await api.accounts.signIn({ email: 'ada@example.test' });
		expect(await command.json(['users', 'require-change', 'ada'])).toMatchObject({ shouldChangePassword: true });
		const reset = (await command.json(['users', 'reset-password', 'ada', '--yes'])) as { password: string };
		expect(await signInStatus('ada@example.test', reset.password)).toBe(201);
		expect(await signInStatus('ada@example.test', password)).toBe(401);
		expect(await api.accounts.countSessions(user.id)).toBe(1);
		expect((await command.run(['users', 'reset-password', 'ada'])).code).toBe(2);
	});

	it('need an admin', async () => {
		const { id } = await api.accounts.makeUser();
		await command.signIn(api.url, await api.accounts.makeApiKey(id));
		const { code, error } = await command.run(['users', 'list']);
		expect([code, error]).toEqual([1, expect.stringContaining('Only admins can do this')]);
		await command.signIn(api.url, await api.accounts.makeApiKey(adminId, ['user.read']));
		const limited = await command.run(['users', 'list']);
		expect([limited.code, limited.error]).toEqual([1, expect.stringContaining('Use an API key with this permission')]);
	});

	it('are exported', async () => {
		await api.accounts.makeUser({ email: 'ada@example.test', name: '=cmd' });
		const { out } = await command.run(['users', 'export']);
		expect(out).toContain("'=cmd");
		expect(await command.json(['users', 'export', '--search', 'ada'])).toMatchObject([{ email: 'ada@example.test' }]);
		expect((await command.run(['users', 'export', '--output', 'users.csv'])).code).toBe(0);
		expect(await readFile(command.in('users.csv'), 'utf8')).toBe(`\ufeff${out}`);
		const again = await command.run(['users', 'export', '--output', 'users.csv']);
		expect([again.code, again.error]).toEqual([1, expect.stringContaining('exists already')]);
	});
});

describe('the import', () => {
	const header = 'email,name,quota,admin';
	const rows = (count: number) =>
		Array.from({ length: count }, (_, index) => `user${String(index)}@example.test,User ${String(index)},1GiB,no`);
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
		expect(check.out).toMatch(/\n4 +nonsense +X +This is no e-?mail/);
		expect(check.out).toMatch(/\n5 +root@example\.test +Root +The e-?mail address is in use\n/);
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
			await command.signIn(between.url, await api.accounts.makeApiKey(adminId));
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

	it('refuses what is no such file', async () => {
		expect((await command.run(['users', 'import', 'missing.csv'])).error).toContain('There is no file missing.csv');
		await command.write('new.csv', 'name\nX');
		const { code, error } = await command.run(['users', 'import', 'new.csv', '--dry-run']);
		expect([code, error]).toEqual([1, expect.stringContaining('email')]);
	});
});
