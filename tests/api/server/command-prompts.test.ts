import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Accounts, password } from '#tests/support/accounts.ts';
import { builtAdmin } from '#tests/support/command.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { enter, interrupt, Terminal } from '#tests/support/terminal.ts';
import { readSessionSecret } from '#tests/support/vault.ts';

let database: TestDatabase;
let server: TestServer;
let send: Send;
let close: () => void;
let accounts: Accounts;

beforeAll(async () => {
	database = await createTestDatabase();
	server = await startServer({ DATABASE_URL: database.url });
	({ send, close } = createSender(server.url));
	accounts = new Accounts(database.prisma, await readSessionSecret(database.prisma));
});
afterAll(async () => {
	close();
	await server.stop();
	await database.close();
});

const open = (...given: string[]) =>
	new Terminal(process.execPath, [builtAdmin, ...given], { DATABASE_URL: database.url });
const canSignIn = async (email: string, secret: string) =>
	(await send('POST', '/api/auth/login', { body: { email, password: secret } })).status === 201;
const countEvents = () => database.prisma.auditEvent.count({ where: { credentialKind: 'commandLine' } });

describe('in a terminal', { timeout: 180_000 }, () => {
	it('asks for the new password of the admin without showing it, and whether to end the sessions', async () => {
		const { user, token } = await accounts.signInAdmin({ createdAt: new Date(0) });
		const chosen = 'plum tractor 19 violin';
		const terminal = open('reset-admin-password');
		await terminal.awaits(`- Email=${user.email}`);
		await terminal.awaits('Please choose a new password (optional)');
		terminal.type(chosen);
		const commandLine = await readFile(`/proc/${String(terminal.pid)}/cmdline`, 'utf8').catch(() => '');
		expect(commandLine).not.toContain(chosen);
		terminal.type(enter);
		await terminal.awaits('Invalidate existing sessions?');
		expect(await canSignIn(user.email, password)).toBe(true);
		// Yes is preselected.
		terminal.type(enter);
		await terminal.awaits('The admin password has been updated.');
		expect(await terminal.end()).toBe(0);
		expect(terminal.text).not.toContain(chosen);
		expect(await canSignIn(user.email, chosen)).toBe(true);
		await expect.poll(async () => (await send('GET', '/api/users/me', { token })).status).toBe(401);
		await database.prisma.user.delete({ where: { id: user.id } });
	});

	it('generates a password if none is typed, and keeps the sessions on request', async () => {
		const { user, token } = await accounts.signInAdmin({ createdAt: new Date(0) });
		const terminal = open('reset-admin-password');
		await terminal.awaits('Please choose a new password (optional)');
		terminal.type(enter);
		await terminal.awaits('Invalidate existing sessions?');
		terminal.type(`n${enter}`);
		await terminal.awaits('The admin password has been updated to:');
		expect(await terminal.end()).toBe(0);
		const made = terminal.text.trim().split('\n').at(-1) ?? '';
		expect(made).toMatch(/^\w{20,32}$/);
		expect(await canSignIn(user.email, made)).toBe(true);
		expect((await send('GET', '/api/users/me', { token })).status).toBe(200);
		await database.prisma.user.delete({ where: { id: user.id } });
	});

	it('asks whom to make an admin', async () => {
		const user = await accounts.makeUser();
		const terminal = open('grant-admin');
		await terminal.awaits('Please enter the user email:');
		terminal.type(`${user.email}${enter}`);
		await terminal.awaits(`Admin access has been granted to ${user.email}`);
		expect(await terminal.end()).toBe(0);
	});

	it('lists users as a table, in which no name can control the terminal', async () => {
		await accounts.makeUser({ name: 'Eve\u001b[2J\u202e', email: 'eve@example.test' });
		const terminal = open('list-users');
		expect(await terminal.end()).toBe(0);
		expect(terminal.text).toMatch(/^ID +ROLE +STATUS +EMAIL +NAME\n/);
		expect(terminal.text).toMatch(/^[0-9a-f-]{36} {2}user {3}active {4}eve@example\.test +Eve\ufffd\[2J\ufffd$/m);
	});

	it.each([
		['the password', ['reset-admin-password'], 'Please choose a new password', []],
		['the sessions', ['reset-admin-password', '--generate'], 'Invalidate existing sessions?', []],
		[
			'the sessions, with a password typed',
			['reset-admin-password'],
			'Invalidate',
			['Please choose', 'plum tractor 19']
		],
		['an email', ['revoke-admin'], 'Please enter the user email:', []],
		['a confirmation', ['rotate-secret'], 'Replace the encryption key?', []],
		['a serious confirmation', ['rotate-secret', '--lost'], 'This signs everyone out', []]
	] as const)('Ctrl-C instead of %s changes nothing', async (_, given, question, before) => {
		const admin = await accounts.makeAdmin({ createdAt: new Date(0) });
		const [events, keys] = [await countEvents(), await database.prisma.encryptionKey.findMany()];
		const terminal = open(...given);
		const [earlier, answer] = before;
		if (earlier !== undefined) {
			await terminal.awaits(earlier);
			terminal.type(`${answer ?? ''}${enter}`);
		}
		await terminal.awaits(question);
		terminal.type(interrupt);
		expect(await terminal.end()).toBe(1);
		expect(terminal.text).toMatch(/Canceled\. Nothing was changed\.\n$/);
		expect(await canSignIn(admin.email, password)).toBe(true);
		expect([await countEvents(), await database.prisma.encryptionKey.findMany()]).toEqual([events, keys]);
		await database.prisma.user.delete({ where: { id: admin.id } });
	});

	it('does not give up a key unless told to', async () => {
		const terminal = open('rotate-secret', '--lost');
		await terminal.awaits('This signs everyone out');
		// No is preselected.
		terminal.type(enter);
		expect(await terminal.end()).toBe(1);
		expect(await database.prisma.encryptionKey.count()).toBe(1);
	});
});
