import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { ctrlC, ctrlD, useImmichAuth } from '#tests/support/immich-auth.ts';
import { listenBefore, useListening } from '#tests/support/other-immich.ts';

const api = useApi();
const command = useImmichAuth();
const open = useListening();

const byKey = (key: string, ...more: string[]) => ['login', api.url, '--api-key', key, ...more];

describe('login with an API key', () => {
	it('saves the key with its name on the server, and makes the first profile current', async () => {
		const { id, email, name } = await api.accounts.makeUser();
		const key = await api.accounts.makeApiKey(id);
		expect(await command.json(byKey(key, '--profile', 'home'))).toEqual({
			profile: 'home',
			isCurrent: true,
			server: api.url,
			kind: 'api_key',
			user: { id, email, name, isAdmin: false },
			mustChangePassword: false
		});
		expect(await command.readSession('home')).toEqual({
			server_url: api.url,
			auth: { type: 'api_key', api_key: { key, name: 'API Key' } },
			created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string
		});
		expect(JSON.parse(await readFile(command.in('config.json'), 'utf8'))).toEqual({ current_profile: 'home' });
		expect(await command.json(['whoami'])).toMatchObject({ id, email, profile: 'home', kind: 'api_key' });
	});

	it('makes a second profile current only with --switch', async () => {
		const { id } = await api.accounts.makeUser();
		const key = await api.accounts.makeApiKey(id);
		await command.json(byKey(key));
		expect(await command.json(byKey(key, '--profile', 'work'))).toMatchObject({ isCurrent: false });
		expect(await command.json(['profile', 'current'])).toEqual({ current: 'default' });
		expect(await command.json(byKey(key, '--profile', 'work', '--switch'))).toMatchObject({ isCurrent: true });
		expect(await command.json(['profile', 'current'])).toEqual({ current: 'work' });
	});

	it('refuses a second profile whose name differs only in case', async () => {
		const { id } = await api.accounts.makeUser();
		const key = await api.accounts.makeApiKey(id);
		await command.json(byKey(key, '--profile', 'Caf\u00e9'));
		for (const name of ['caf\u00e9', 'Cafe\u0301']) {
			const { code, error } = await command.run(byKey(key, '--profile', name));
			expect([code, error]).toEqual([2, expect.stringContaining('There is a profile "Caf\u00e9" already')]);
		}
		expect((await command.run(byKey(key, '--profile', 'Caf\u00e9'))).code).toBe(0);
	});

	it('reads it from standard input, from the environment, and takes the address of the API', async () => {
		const { id, email } = await api.accounts.makeUser();
		const key = await api.accounts.makeApiKey(id);
		const fromInput = ['login', `${api.url}/api/`, '--api-key-stdin', '--name', 'laptop'];
		expect((await command.run(fromInput, { input: `${key}\n` })).code).toBe(0);
		expect(await command.readSession('default')).toMatchObject({
			server_url: api.url,
			auth: { api_key: { key, name: 'laptop' } }
		});
		const env = { IMMICH_INSTANCE_URL: api.url, IMMICH_API_KEY: key };
		expect(await command.json(['login', '--profile', 'env'], { env })).toMatchObject({ user: { email } });
		expect(await command.json(['whoami'], { env: { IMMICH_SERVER: api.url, IMMICH_API_KEY: key } })).toMatchObject({
			email,
			profile: null
		});
	});

	it('accepts a key that may not read its user, and says so', async () => {
		const { id } = await api.accounts.makeUser();
		const key = await api.accounts.makeApiKey(id, ['album.read']);
		const { code, error } = await command.run(byKey(key));
		expect([code, error]).toEqual([0, expect.stringContaining('Missing required permission: user.read')]);
	});

	it('writes nothing for a wrong one', async () => {
		const { code, error } = await command.run(byKey('wrong'));
		expect([code, error]).toEqual([1, expect.stringContaining('Invalid API key')]);
		expect(await readdir(command.in())).toEqual([]);
	});
});

describe('login with a password', () => {
	it('saves a session', async () => {
		const { id, email } = await api.accounts.makeUser();
		const args = ['login', api.url, '--email', email, '--password-stdin'];
		expect((await command.run(args, { input: password })).code).toBe(0);
		expect(await command.readSession('default')).toMatchObject({
			auth: { type: 'jwt', jwt: { user_id: id, email } }
		});
		expect(await command.json(['whoami'])).toMatchObject({ id, kind: 'jwt' });
		// Users recognize it among their devices.
		expect(await command.json(['sessions', 'list'])).toMatchObject([{ deviceType: 'immich-auth' }]);
	});

	it('writes nothing for a wrong one', async () => {
		const { email } = await api.accounts.makeUser();
		const { code, error } = await command.run(['login', api.url, '--email', email, '--password', 'wrong password']);
		expect([code, error]).toEqual([1, expect.stringContaining('The email or the password is wrong')]);
		expect(await readdir(command.in())).toEqual([]);
	});

	it('ends the session that it replaces, and no other', async () => {
		const { email } = await api.accounts.makeUser();
		const signIn = (profile: string) =>
			command.run(['login', api.url, '--email', email, '--password-stdin', '--profile', profile], { input: password });
		for (const profile of ['home', 'work', 'work']) expect((await signIn(profile)).code).toBe(0);
		expect(await command.json(['sessions', 'list', '--profile', 'home'])).toHaveLength(2);
		expect(await command.json(['whoami', '--profile', 'work'])).toMatchObject({ email });
	});

	it('asks for it on a terminal, without showing it', async () => {
		const { email } = await api.accounts.makeUser();
		const terminal = command.terminal(['login', api.url, '--email', email]);
		await terminal.see(`Password of ${email}`);
		terminal.enter(password);
		expect(await terminal.ended()).toBe(0);
		expect(terminal.shown).toContain('Signed in to');
		expect(terminal.shown).not.toContain(password);
	});

	it('has a temporary password changed', async () => {
		const { id, email } = await api.accounts.makeUser({ shouldChangePassword: true });
		const terminal = command.terminal(['login', api.url, '--email', email]);
		await terminal.see('Password of');
		terminal.enter(password);
		await terminal.see('New password');
		terminal.enter('short');
		await terminal.see('Use at least 8 characters');
		terminal.press('\u0015');
		terminal.enter('another horse battery');
		await terminal.see('The new password again');
		terminal.enter('another horse battery');
		expect([await terminal.ended(), terminal.shown]).toEqual([0, expect.stringContaining('Signed in to') as string]);
		expect((await api.accounts.findUser(id)).shouldChangePassword).toBe(false);
		expect(terminal.shown).not.toContain('another horse');
	});

	it('says that a temporary password has to be changed where it cannot ask', async () => {
		const { email } = await api.accounts.makeUser({ shouldChangePassword: true });
		const ran = await command.run(['login', api.url, '--email', email, '--password', password]);
		expect([ran.code, ran.error]).toEqual([0, expect.stringContaining('/auth/change-password')]);
	});

	it('does not ask an admin of whom the server does not require it', async () => {
		const { id, email } = await api.accounts.makeAdmin({ shouldChangePassword: true });
		const login = () => command.run(['login', api.url, '--email', email, '--password', password]);
		// As the first admin, who has chosen the password.
		await api.accounts.setPasswordState(id, { setBy: id });
		expect(await login()).toMatchObject({ code: 0, error: '' });
		await api.accounts.setPasswordState(id);
		expect((await login()).error).toContain('/auth/change-password');
	});

	it('leaves no session on the server or on disk if the change is canceled', async () => {
		const { id, email } = await api.accounts.makeUser({ shouldChangePassword: true });
		const terminal = command.terminal(['login', api.url, '--email', email, '--password', password]);
		await terminal.see('New password');
		terminal.press(ctrlC);
		expect(await terminal.ended()).toBe(1);
		expect(await api.accounts.countSessions(id)).toBe(0);
		expect(await readdir(command.in())).toEqual([]);
	});
});

describe('login without a credential', () => {
	it('asks for an API key on another Immich, without showing it', async () => {
		const url = await open(listenBefore(api.url));
		const { id } = await api.accounts.makeUser();
		const key = await api.accounts.makeApiKey(id);
		const terminal = command.terminal(['login', url]);
		await terminal.see('API key for');
		terminal.enter(key);
		expect(await terminal.ended()).toBe(0);
		expect(terminal.shown).not.toContain(key);
		expect(await command.readSession('default')).toMatchObject({ server_url: url, auth: { api_key: { key } } });
	});

	it.each([
		['Ctrl-C', ctrlC],
		['Ctrl-D', ctrlD]
	])('writes nothing after %s', async (_, key) => {
		const url = await open(listenBefore(api.url));
		const terminal = command.terminal(['login', url]);
		await terminal.see('API key for');
		terminal.press(key);
		expect(await terminal.ended()).toBe(1);
		expect(terminal.shown).toContain('Canceled');
		expect(await readdir(command.in())).toEqual([]);
	});

	it.each([
		[['login', 'localhost:1'], '--api-key-stdin'],
		[['login', 'localhost:1', '--email', 'ada@example.test'], '--password-stdin']
	])('names the options where there is no terminal: %j', async (args, option) => {
		const { code, error } = await command.run(args);
		expect([code, error]).toEqual([2, expect.stringContaining(option)]);
	});
});

describe('wrong usage of login', () => {
	it.each([
		['login'],
		['login', 'x', '--api-key', 'a', '--email', 'b'],
		['login', 'x', '--api-key', 'a', '--api-key-stdin'],
		['login', 'x', '--email', 'a', '--password', 'b', '--password-stdin'],
		['login', 'x', '--password', 'b'],
		['login', 'x', '--email', 'a', '--password', 'b', '--name', 'c'],
		['login', 'x', '--api-key', ''],
		['login', 'x', '--api-key', 'with blank'],
		['login', 'ftp://x', '--api-key', 'a'],
		['login', 'https://user:secret@x', '--api-key', 'a'],
		['login', 'http://', '--api-key', 'a'],
		['login', 'x', '--api-key', 'a', '--profile', '../x'],
		['login', 'x', 'y'],
		['login', '--nonsense'],
		['sign-in'],
		['profile', 'nonsense'],
		[]
	])('%j', async (...args) => {
		const { code, error } = await command.run(args.map((arg) => (arg === 'x' ? api.url : arg)));
		expect([code, error]).toEqual([2, expect.stringMatching(/.+/)]);
	});
});
