import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UserAdminResponseDto } from '#lib/contract/users/user.ts';
import { Accounts, password } from '#tests/support/accounts.ts';
import { byCommand, immediately, listEvents } from '#tests/support/admin-command.ts';
import { runAdmin, runAdminSources, type CommandResult } from '#tests/support/command.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { readSessionSecret, testSecret } from '#tests/support/vault.ts';

let database: TestDatabase;
let server: TestServer;
let send: Send;
let close: () => void;
let accounts: Accounts;
let env: Record<string, string>;
const timeout = 180_000;

/** Gets a free port from the system and leaves it to the server. */
async function freePort(): Promise<string> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return String(port);
}

beforeAll(async () => {
	database = await createTestDatabase();
	env = { DATABASE_URL: database.url, IMMICH_AUTH_SECRET: testSecret, IMMICH_AUTH_METRICS_PORT: await freePort() };
	server = await startServer(env);
	({ send, close } = createSender(server.url));
	accounts = new Accounts(database.prisma, await readSessionSecret(database.prisma));
});
afterAll(async () => {
	close();
	await server.stop();
	await database.close();
});

const run = (...given: string[]): Promise<CommandResult> => runAdmin(given, env);
const isMe = async (token: string) => (await send('GET', '/api/users/me', { token })).status;
const signIn = async (email: string, secret: string) => {
	const { status, body } = await send('POST', '/api/auth/login', { body: { email, password: secret } });
	return { status, ...(body as { shouldChangePassword?: boolean; accessToken?: string }) };
};
const getConfig = async () => (await send('GET', '/api/server/features')).body as Record<string, boolean>;

describe('a command beside the running server', { timeout }, () => {
	beforeEach(async () => {
		await database.reset();
		// The reset has removed the secret that tokens are signed with; the server still has it.
		await database.pool.query('SELECT 1');
	});

	it('sets the password of the first admin, and ends or keeps the sessions', async () => {
		const { user, token } = await accounts.signInAdmin({ oauthId: 'x', createdAt: new Date(0) });
		const second = await accounts.signInAdmin();
		const { code, out, error } = await run('reset-admin-password', '--yes');
		const [, made = ''] = /^The admin password has been updated to:\n(\w{20,32})\n$/m.exec(out) ?? [];
		expect({ code, error }).toEqual({ code: 0, error: '' });
		expect(out.split('\n').slice(0, 5)).toEqual([
			'Found Admin:',
			`- ID=${user.id}`,
			'- OAuth ID=x',
			`- Email=${user.email}`,
			`- Name=${user.name}`
		]);
		await expect.poll(() => isMe(token), immediately).toBe(401);
		expect(await isMe(second.token)).toBe(200);
		expect(await signIn(user.email, password)).toMatchObject({ status: 401 });
		const session = await signIn(user.email, made);
		expect(session).toMatchObject({ status: 201, shouldChangePassword: false });
		expect(await listEvents(database.pool, 3)).toContainEqual({
			...byCommand,
			action: 'user.setPassword',
			subjectEmail: user.email,
			changes: { sessionsEnded: { from: null, to: 1 } }
		});
		const notices = await send('GET', '/api/notifications', { token: session.accessToken ?? '' });
		expect(notices.text).toContain('access to the server set a new password');

		const typed = await runAdmin(
			['reset-admin-password', '--password-stdin', '--keep-sessions'],
			env,
			'plum tractor 19 violin\n'
		);
		expect(typed).toMatchObject({ code: 0, error: '' });
		expect(typed.out).toMatch(/\nThe admin password has been updated\.\n$/);
		expect(typed.out).not.toContain('plum');
		expect(await isMe(session.accessToken ?? '')).toBe(200);
		expect(await signIn(user.email, 'plum tractor 19 violin')).toMatchObject({ status: 201 });
	});

	it('lets an admin in who has used up the attempts', async () => {
		const user = await accounts.makeAdmin();
		for (let attempt = 0; attempt < 21; attempt++) await signIn(user.email, 'wrong');
		expect((await signIn(user.email, password)).status).toBe(429);
		const { out } = await run('reset-admin-password', '--generate', '--yes');
		expect((await signIn(user.email, out.trim().split('\n').at(-1) ?? '')).status).toBe(201);
	});

	it('gives a user a temporary password, and ends their sessions and API keys', async () => {
		const { user, token } = await accounts.signIn();
		await accounts.makeApiKey(user.id);
		const { code, out, error } = await run('reset-password', '--email', user.email, '--yes');
		expect({ code, error }).toEqual({ code: 0, error: '' });
		const [, made = ''] = /has been updated to:\n(\S+)\nIt is temporary/.exec(out) ?? [];
		await expect.poll(() => isMe(token), immediately).toBe(401);
		expect(await database.prisma.apiKey.count({ where: { userId: user.id } })).toBe(0);
		expect(await signIn(user.email, made)).toMatchObject({ status: 201, shouldChangePassword: true });
		expect((await listEvents(database.pool, 2)).at(-1)).toMatchObject({ ...byCommand, action: 'user.resetPassword' });

		await accounts.makeApiKey(user.id);
		await run('reset-password', '--email', user.email, '--generate', '--keep-api-keys');
		expect(await database.prisma.apiKey.count({ where: { userId: user.id } })).toBe(1);
	});

	it('grants and revokes the admin role', async () => {
		await accounts.makeAdmin();
		const { user, token } = await accounts.signIn({ email: 'bob@example.test' });
		const isAdmin = async () => (await send('GET', '/api/admin/users', { token })).status === 200;
		expect(await isAdmin()).toBe(false);
		expect(await run('grant-admin', '--email', user.email)).toEqual({
			code: 0,
			out: 'Admin access has been granted to bob@example.test\n',
			error: ''
		});
		await expect.poll(isAdmin, immediately).toBe(true);
		expect(await run('revoke-admin', '--email', user.email)).toEqual({
			code: 0,
			out: 'Admin access has been revoked from bob@example.test\n',
			error: ''
		});
		await expect.poll(isAdmin, immediately).toBe(false);
		expect(await listEvents(database.pool, 2)).toEqual([
			{
				...byCommand,
				action: 'user.update',
				subjectEmail: user.email,
				changes: { isAdmin: { from: true, to: false } }
			},
			{ ...byCommand, action: 'user.update', subjectEmail: user.email, changes: { isAdmin: { from: false, to: true } } }
		]);
	});

	it('keeps the last admin who can sign in', async () => {
		const admin = await accounts.makeAdmin({ email: 'ada@example.test' });
		await accounts.makeAdmin({ password: '' });
		expect(await run('revoke-admin', '--email', admin.email)).toEqual({
			code: 1,
			out: '',
			error:
				'No other administrator can sign in. Give one of them a password, or link them to a provider first.\nUnable to revoke admin access from user\n'
		});
		await database.prisma.user.deleteMany({ where: { id: { not: admin.id } } });
		expect((await run('revoke-admin', '--email', admin.email)).error).toMatch(
			/^The last administrator cannot be removed/
		);
		expect((await database.prisma.user.findMany()).map((user) => user.isAdmin)).toEqual([true]);
	});

	it.each(['grant-admin', 'revoke-admin', 'reset-password'])(
		'%s knows no deleted and no unknown user',
		async (name) => {
			const gone = await accounts.makeAdmin({ deletedAt: new Date() });
			for (const email of [gone.email, 'unknown@example.test', "' OR true --"]) {
				const { code, out, error } = await run(name, '--email', email, ...(name === 'reset-password' ? ['--yes'] : []));
				expect({ code, out }).toEqual({ code: 1, out: '' });
				expect(error).toMatch(/^User does not exist\nUnable to /);
			}
		}
	);

	it('lists all users, deleted ones too, as the API does', async () => {
		expect(await run('list-users')).toEqual({ code: 0, out: '[]\n', error: '' });
		const { token } = await accounts.signInAdmin();
		await accounts.makeUser({ deletedAt: new Date(), status: 'deleted', name: '\u001b[31m"red",\n' });
		const { code, out } = await run('list-users');
		expect(code).toBe(0);
		expect(z.array(UserAdminResponseDto).parse(JSON.parse(out))).toHaveLength(2);
		const reply = await send('GET', '/api/admin/users?withDeleted=true', { token });
		expect(JSON.parse(out)).toEqual(reply.body);
	});

	it('starts maintenance, prints a working URL, and ends maintenance', async () => {
		const getStatus = async () => (await send('GET', '/api/server/media-types')).status;
		const begun = await run('enable-maintenance-mode');
		expect(begun).toMatchObject({ code: 0, error: '' });
		expect(begun.out).toMatch(
			/^Maintenance mode has been enabled\.\n\nLog in using the following URL:\nhttp:\/\/\S+\/maintenance\?token=\S+\n$/
		);
		await expect.poll(getStatus, immediately).toBe(503);
		const again = await run('enable-maintenance-mode');
		expect(again.out).toMatch(/^The server is already in maintenance mode!\n\nLog in/);
		for (const { out } of [begun, again]) {
			const token = /token=(\S+)/.exec(out)?.[1] ?? '';
			const login = await send('POST', '/api/admin/maintenance/login', { body: { token } });
			expect([login.status, login.body]).toMatchObject([201, { username: 'cli-admin' }]);
		}
		expect((await run('disable-maintenance-mode')).out).toBe('Maintenance mode has been disabled.\n');
		await expect.poll(getStatus, immediately).toBe(200);
		expect((await run('disable-maintenance-mode')).out).toBe('The server is already out of maintenance mode!\n');
		expect((await listEvents(database.pool, 2)).map(({ action }) => action)).toEqual([
			'maintenance.end',
			'maintenance.begin'
		]);
		expect((await listEvents(database.pool, 1))[0]).toMatchObject(byCommand);
	});

	it('has nothing to migrate', async () => {
		expect(await run('migrate')).toEqual({ code: 0, out: 'The database is up to date.\n', error: '' });
	});

	it('changes nothing if it can’t be recorded', async () => {
		const { user, token } = await accounts.signInAdmin();
		await database.pool.query(`
			CREATE OR REPLACE FUNCTION immich_auth.test_block() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN RAISE EXCEPTION 'audit blocked'; END $$;
			CREATE TRIGGER test_block BEFORE INSERT ON immich_auth.audit_event
				FOR EACH ROW EXECUTE FUNCTION immich_auth.test_block()`);
		try {
			for (const given of [
				['reset-admin-password', '--yes'],
				['enable-oauth-login'],
				['enable-maintenance-mode'],
				['grant-admin', '--email', (await accounts.makeUser()).email]
			]) {
				const { code, error } = await run(...given);
				expect([given[0], code]).toEqual([given[0], 1]);
				expect(error).toMatch(/^Database error[^\n]*audit blocked[^\n]*\nUnable to [^\n]*\n$/);
			}
		} finally {
			await database.pool.query('DROP TRIGGER test_block ON immich_auth.audit_event');
		}
		expect(await isMe(token)).toBe(200);
		expect((await signIn(user.email, password)).status).toBe(201);
		expect((await getConfig())['oauth']).toBe(false);
	});
});

describe('the program', { timeout }, () => {
	it('runs from its sources too', async () => {
		expect(await runAdminSources(['version'], env)).toEqual({ code: 0, out: 'v3.2.2\n', error: '' });
		expect(await run('version')).toEqual({ code: 0, out: 'v3.2.2\n', error: '' });
	});

	it.each([
		[['grant-admin'], /--email/],
		[['revoke-admin'], /--email/],
		[['reset-password', '--yes'], /--email/],
		[['reset-password', '--email', 'a@b.test'], /--password-stdin.*--generate/],
		[['reset-password', '--email', 'a@b.test', '--generate'], /--yes.*--keep-api-keys/],
		[['reset-admin-password'], /--password-stdin.*--generate/],
		[['reset-admin-password', '--generate'], /--yes.*--keep-sessions/],
		[['reset-admin-password', '--generate', '--password-stdin'], /either/],
		[['reset-admin-password', '--password-stdin', '--yes'], /one line/],
		[['rotate-secret'], /--yes/],
		[['rotate-secret', '--lost'], /--yes/],
		[['list-users', '--xml'], /unknown option '--xml'/],
		[['list-users', 'all'], /too many arguments/],
		[['delete-users'], /unknown command 'delete-users'/],
		[[], /^Usage: immich-admin/]
	])('called as %j without a terminal, says what it needs', async (given, says) => {
		const { code, out, error } = await runAdmin(given, { ...env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
		expect({ code, out }).toEqual({ code: 2, out: '' });
		expect(error).toMatch(says);
	});

	it('refuses a password that is too short or easy to guess, and doesn’t repeat it', async () => {
		await accounts.makeAdmin();
		for (const [typed, says] of [
			['short', /cannot be used/],
			['password1', /too easy to guess/]
		] as const) {
			const given = ['reset-admin-password', '--password-stdin', '--yes'];
			const { code, out, error } = await runAdmin(given, env, typed);
			expect(code).toBe(1);
			expect(error).toMatch(says);
			expect(out + error).not.toContain(typed);
		}
	});

	it('names the variable with the database address', async () => {
		const nowhere = 'postgres://nobody:secret@127.0.0.1:1/none';
		const { code, error } = await runAdmin(['list-users'], { ...env, DATABASE_URL: '', DB_URL: nowhere });
		expect(code).toBe(1);
		expect(error).toMatch(/^No database answers at 127\.0\.0\.1:1 \(DB_URL\)[^]*Unable to load users\n$/);
		expect(error).not.toMatch(/DATABASE_URL|secret/);
	});
});
