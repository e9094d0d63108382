import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { ctrlC, ctrlD, useAdminCommand } from '#tests/support/immich-auth.ts';
import { listenBefore, sendJson, useListening } from '#tests/support/other-immich.ts';

const api = useApi();
const { command, admin } = useAdminCommand(api);
const open = useListening();

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
		expect([code, error]).toEqual([1, expect.stringMatching(/beginning of several users: .*ada@example\.test/)]);
		expect(await command.json(['users', 'show', 'ada@'])).toMatchObject({ email: 'ada@example.test' });
		for (const name of ['nobody', 'da@example.test', ' ', '5f0e7bd4-6ad4-4d2a-9ec1-2f3a3a1f8d11'])
			expect([name, (await command.run(['users', 'show', name])).error]).toEqual([
				name,
				expect.stringContaining('No user matches')
			]);
	});

	it('are looked up without reading the list of all, on a server of this project', async () => {
		const { id } = await api.accounts.makeUser({ email: 'ada@example.test' });
		let isListed = false;
		const url = await open(
			listenBefore(api.url, (incoming) => {
				isListed ||= incoming.url?.startsWith('/api/admin/users?') === true;
				return false;
			})
		);
		await command.signIn(url, admin.key);
		for (const reference of ['ada', 'ADA@example.test', id.slice(0, 5)])
			expect(await command.json(['users', 'show', reference])).toMatchObject({ id });
		expect(isListed).toBe(false);
	});

	it('are found in the list of all on another Immich', async () => {
		const { id } = await api.accounts.makeUser({ email: 'ada@example.test' });
		await api.accounts.makeUser({ email: 'adam@example.test' });
		const url = await open(
			listenBefore(api.url, (incoming, response) => {
				if (!incoming.url?.startsWith('/api/admin/user-directory')) return false;
				sendJson(response, { message: 'Cannot GET', statusCode: 404 }, 404);
				return true;
			})
		);
		await command.signIn(url, admin.key);
		for (const reference of ['ada@', 'ADA@example.test', id.slice(0, 13)])
			expect(await command.json(['users', 'show', reference])).toMatchObject({ id });
		expect((await command.run(['users', 'show', 'ada'])).error).toContain('several users');
		expect((await command.run(['users', 'show', 'da@'])).error).toContain('No user matches');
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
		for (const key of [ctrlC, ctrlD]) {
			const canceled = command.terminal(['users', 'delete', 'ada']);
			await canceled.see('Delete ada@example.test?');
			canceled.press(key);
			expect([await canceled.ended(), await isDeleted()]).toEqual([1, false]);
			expect(canceled.shown).toContain('Canceled; nothing was changed');
		}
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
		await command.signIn(api.url, await api.accounts.makeApiKey(admin.id, ['user.read']));
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
