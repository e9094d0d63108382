import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { AdminCommand } from '#tests/support/admin-command.ts';
import { useApi } from '#tests/support/api.ts';
import { ctrlC, escape, returnKey } from '#tests/support/terminal.ts';

const api = useApi({ isOwn: true });
const command = new AdminCommand(api);
const open = (...given: string[]) => command.open(...given);
const canSignIn = async (email: string, secret: string) =>
	(await api.request('POST', '/api/auth/login', { body: { email, password: secret } })).status === 201;
const countEvents = () => api.prisma.auditEvent.count({ where: { credentialKind: 'commandLine' } });

describe('in a terminal', { timeout: 180_000 }, () => {
	it('asks for the new password of the admin without showing it, and whether to end the sessions', async () => {
		const { user, token } = await api.accounts.signInAdmin({ createdAt: new Date(0) });
		const chosen = 'plum tractor 19 violin';
		const terminal = open('reset-admin-password');
		await terminal.next(`- Email=${user.email}`);
		await terminal.next('Please choose a new password (optional)');
		terminal.press(chosen);
		const commandLine = await readFile(`/proc/${String(terminal.pid)}/cmdline`, 'utf8').catch(() => '');
		expect(commandLine).not.toContain(chosen);
		terminal.press(returnKey);
		await terminal.next('Invalidate existing sessions?');
		expect(await canSignIn(user.email, password)).toBe(true);
		// Yes is preselected.
		terminal.press(returnKey);
		await terminal.next('The admin password has been updated.');
		expect(await terminal.ended()).toBe(0);
		expect(terminal.shown).not.toContain(chosen);
		expect(await canSignIn(user.email, chosen)).toBe(true);
		await expect.poll(async () => (await api.request('GET', '/api/users/me', { token })).status).toBe(401);
		await api.prisma.user.delete({ where: { id: user.id } });
	});

	it('generates a password if none is typed, and keeps the sessions on request', async () => {
		const { user, token } = await api.accounts.signInAdmin({ createdAt: new Date(0) });
		const terminal = open('reset-admin-password');
		await terminal.next('Please choose a new password (optional)');
		terminal.press(returnKey);
		await terminal.next('Invalidate existing sessions?');
		terminal.enter('n');
		await terminal.next('The admin password has been updated to:');
		expect(await terminal.ended()).toBe(0);
		const made = terminal.shown.trim().split('\n').at(-1) ?? '';
		expect(made).toMatch(/^\w{20,32}$/);
		expect(await canSignIn(user.email, made)).toBe(true);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		await api.prisma.user.delete({ where: { id: user.id } });
	});

	it('asks whom to make an admin', async () => {
		const user = await api.accounts.makeUser();
		const terminal = open('grant-admin');
		await terminal.next('Please enter the user email:');
		terminal.enter(user.email);
		await terminal.next(`Admin access has been granted to ${user.email}`);
		expect(await terminal.ended()).toBe(0);
	});

	it('lists users as a table, in which no name can control the terminal', async () => {
		await api.accounts.makeUser({
			name: 'Eve\u001b[2J\u202e\u061c\u200e\ufeff\u009b1m\n\u{e0041}',
			email: 'eve@example.test'
		});
		const terminal = open('list-users');
		expect(await terminal.ended()).toBe(0);
		expect(terminal.shown).toMatch(/^ID +ROLE +STATUS +EMAIL +NAME\n/);
		expect(terminal.shown).toMatch(
			/^[0-9a-f-]{36} {2}user {3}active {4}eve@example\.test +Eve\ufffd\[2J\ufffd{4}\ufffd1m\ufffd\ufffd$/mu
		);
	});

	const cases: readonly (readonly [string, readonly string[], string, readonly (readonly [string, string])[]])[] = [
		['the admin’s password', ['reset-admin-password'], 'Please choose a new password', []],
		['the sessions', ['reset-admin-password', '--generate'], 'Invalidate existing sessions?', []],
		[
			'the sessions, with a password typed',
			['reset-admin-password'],
			'Invalidate existing sessions?',
			[['Please choose a new password', 'plum tractor 19']]
		],
		['a user to make an admin', ['grant-admin'], 'Please enter the user email:', []],
		['an admin', ['revoke-admin'], 'Please enter the user email:', []],
		['a user', ['reset-password'], 'Please enter the user email:', []],
		['a user’s password', ['reset-password', '--email', 'eve@example.test'], 'Please choose a new password', []],
		[
			'the API keys',
			['reset-password'],
			'Revoke existing API keys?',
			[
				['Please enter the user email:', 'eve@example.test'],
				['Please choose a new password', 'plum tractor 19']
			]
		],
		['a confirmation', ['rotate-secret'], 'Replace the encryption key?', []],
		['a serious confirmation', ['rotate-secret', '--lost'], 'This signs everyone out', []]
	];
	const keys = [
		['Ctrl-C', ctrlC],
		['Escape', escape]
	] as const;
	it.each(keys.flatMap(([name, key]) => cases.map((one) => [name, one[0], key, one] as const)))(
		'%s instead of %s changes nothing',
		async (_, __, key, [, given, question, before]) => {
			await api.prisma.user.deleteMany();
			const admin = await api.accounts.makeAdmin();
			const eve = await api.accounts.makeUser({ email: 'eve@example.test' });
			const [events, stored] = [await countEvents(), await api.prisma.encryptionKey.findMany()];
			const terminal = open(...given);
			for (const [earlier, answer] of before) {
				await terminal.next(earlier);
				terminal.enter(answer);
			}
			await terminal.next(question);
			terminal.press(key);
			expect(await terminal.ended()).toBe(1);
			expect(terminal.shown).toMatch(/Canceled\. Nothing was changed\.\n$/);
			expect([await canSignIn(admin.email, password), await canSignIn(eve.email, password)]).toEqual([true, true]);
			expect(await api.prisma.encryptionKey.findMany()).toEqual(stored);
			expect(await countEvents()).toBe(events);
		}
	);

	it('does not give up a key unless told to', async () => {
		const terminal = open('rotate-secret', '--lost');
		await terminal.next('This signs everyone out');
		// No is preselected.
		terminal.press(returnKey);
		expect(await terminal.ended()).toBe(1);
		expect(await api.prisma.encryptionKey.count()).toBe(1);
	});
});
