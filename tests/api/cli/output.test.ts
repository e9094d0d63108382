import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { useAdminCommand } from '#tests/support/immich-auth.ts';
import { listenBefore, useListening } from '#tests/support/other-immich.ts';

const api = useApi();
const { command, admin } = useAdminCommand(api);
const open = useListening();

/** More users than a pipe holds. */
const makeManyUsers = () => api.prisma.$executeRaw`
	WITH groups AS (INSERT INTO cluster_group DEFAULT VALUES RETURNING id)
	INSERT INTO "user" ("email", "name", "clusterGroupId")
	SELECT 'user' || n || '@example.test', 'User ' || n, groups.id FROM generate_series(1, 5000) AS n, groups`;

describe('a pipe that is closed', () => {
	it.each([
		'--help',
		'users --help',
		'--version',
		'completion bash',
		'users list',
		'users export',
		'users export --json',
		'config get --json'
	])('before %s has printed anything, is no failure', async (line) => {
		const child = command.start(line.split(' '));
		child.stdout.destroy();
		const [error] = await Promise.all([text(child.stderr), once(child, 'close')]);
		expect([child.exitCode, error]).toEqual([0, '']);
	});

	it.each(['users list', 'users list --json', 'users export'])(
		'after the first part of %s, is no failure',
		async (line) => {
			await makeManyUsers();
			const child = command.start(line.split(' '));
			child.stdout.once('data', () => child.stdout.destroy());
			const [error] = await Promise.all([text(child.stderr), once(child, 'close')]);
			expect([child.exitCode, error]).toEqual([0, '']);
		}
	);
});

it.each([['--help'], ['whoami'], ['users', 'export']])('%j says that a disk is full', async (...args) => {
	const full = `process.stdout._write = (part, encoding, done) =>
		done(Object.assign(new Error('x'), { code: 'ENOSPC' }));`;
	const node = ['--import', `data:text/javascript,${encodeURIComponent(full)}`];
	const { code, error } = await command.run(args, { node });
	expect([code, error]).toEqual([1, "immich-auth: Standard output: can't be written: no space left on the device\n"]);
});

describe('control characters', () => {
	const name = 'Ada \u001b[31m\u009b31m\u202e\nx';
	// eslint-disable-next-line no-control-regex -- these are what must not be printed
	const unsafe = /(?!\n)[\u0000-\u001f\u007f-\u009f\u202e]/;

	it('of names are not printed, neither as text nor as JSON', async () => {
		await api.accounts.makeUser({ email: 'ada@example.test', name });
		for (const args of [
			['users', 'show', 'ada'],
			['users', 'list'],
			['audit', 'tail']
		])
			for (const more of [[], ['--json']]) {
				const { code, out } = await command.run([...args, ...more]);
				expect([args, code, unsafe.test(out)]).toEqual([args, 0, false]);
			}
		expect(await command.json(['users', 'show', 'ada'])).toMatchObject({ name });
	});

	it('of arguments and files are not printed', async () => {
		await command.write(
			'profiles/bad/session.json',
			JSON.stringify({
				server_url: 'ftp://\u001b[31m',
				auth: { type: 'jwt', jwt: { access_token: 'x', user_id: 'x', email: 'a\u001b[31m' } },
				created_at: '2026-01-02T03:04:05Z'
			})
		);
		for (const args of [
			['whoami', '--profile', 'a\u001b[31m'],
			['users', 'show', '\u001b[31m'],
			['users', 'import', '\u001b[31m.csv'],
			['config', 'set', '\u001b[31m', '1'],
			['whoami', '--profile', 'bad'],
			['status', '--profile', 'bad'],
			['logout', '--profile', 'bad']
		]) {
			const { out, error } = await command.run(args);
			expect([args, unsafe.test(out + error)]).toEqual([args, false]);
		}
	});
});

describe('the export', () => {
	it('into a file leaves none if the connection is lost', async () => {
		const url = await open(
			listenBefore(api.url, (incoming, response) => {
				if (!incoming.url?.startsWith('/api/admin/user-directory/export')) return false;
				response.writeHead(200, { 'content-length': '1000' });
				response.write('id,email');
				setImmediate(() => response.destroy());
				return true;
			})
		);
		await command.signIn(url, admin.key);
		const { code, error } = await command.run(['users', 'export', '--output', 'users.csv']);
		expect([code, error]).toEqual([1, expect.stringMatching(/can't be reached: the connection was closed\.\n.*\n$/)]);
		expect(await readdir(command.in())).not.toContain('users.csv');
	});

	it('into a file is whole', async () => {
		await makeManyUsers();
		expect((await command.run(['users', 'export', '--output', 'users.csv'])).code).toBe(0);
		expect((await readFile(command.in('users.csv'), 'utf8')).trim().split('\n')).toHaveLength(5_002);
	});
});
