import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { useAdminCommand } from '#tests/support/immich-auth.ts';

// A setting is changed, which the next file would inherit.
const api = useApi({ isOwn: true });
const { command } = useAdminCommand(api);

describe('an empty value, as of a variable that is not set', () => {
	it.each([
		['sessions', 'end', ''],
		['sessions', 'end', '', '--user', 'ada'],
		['sessions', 'end', '--user', '', '--yes'],
		['users', 'update', 'ada', '--quota', ''],
		['users', 'update', 'ada', '--name', ''],
		['users', 'delete', '', '--yes'],
		['users', 'export', '--output', ''],
		['keys', 'delete', '', '--yes'],
		['keys', 'create', '--name', 'x', '--permission', 'user.read', ''],
		['config', 'get', ''],
		['login', '', '--api-key', 'x'],
		['profile', 'switch', ''],
		['whoami', '--profile', '']
	])('is refused: %j', async (...args) => {
		const user = await api.accounts.makeUser({ email: 'ada@example.test', quotaSizeInBytes: 5n });
		await api.accounts.makeSession(user.id);
		const { code, error } = await command.run(args);
		expect([code, error]).toEqual([2, expect.stringMatching(/empty/)]);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ quotaSizeInBytes: 5n, deletedAt: null });
		expect(await api.accounts.countSessions(user.id)).toBe(1);
	});

	it('can be that of a setting', async () => {
		await command.json(['config', 'set', 'server.loginPageMessage', 'Hello', '--yes']);
		expect(await command.json(['config', 'set', 'server.loginPageMessage', '', '--yes'])).toMatchObject({ to: '' });
	});
});

it.each(['.', '..', 'x', '../../users', '%2e%2e'])('"%s" is not the ID of a session', async (id) => {
	const { user } = await api.accounts.signIn({ email: 'ada@example.test' });
	const { code, error } = await command.run(['sessions', 'end', id, '--user', 'ada', '--yes']);
	expect([code, error]).toEqual([2, expect.stringContaining('is not the ID of a session')]);
	expect((await api.accounts.findUser(user.id)).deletedAt).toBeNull();
	expect(await api.accounts.countSessions(user.id)).toBe(1);
});
