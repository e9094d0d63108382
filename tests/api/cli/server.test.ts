import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { ctrlC, useAdminCommand } from '#tests/support/immich-auth.ts';
import { useMaintenance } from '#tests/support/maintenance.ts';
import { listenBefore, sendJson, useListening } from '#tests/support/other-immich.ts';

// Its settings are changed, which the next file would inherit.
const api = useApi({ isOwn: true });
const { command, admin } = useAdminCommand(api);
const open = useListening();
const maintenance = useMaintenance(api);

const isServing = async () => (await api.request('GET', '/api/server/media-types')).status === 200;

describe('maintenance', () => {
	it('is started and ended', async () => {
		expect(await command.json(['maintenance', 'status'])).toMatchObject({ active: false, announced: false });
		expect((await command.run(['maintenance', 'start'])).code).toBe(2);
		expect(await isServing()).toBe(true);
		expect(await command.json(['maintenance', 'start', '--yes'])).toMatchObject({ server: api.url, active: true });
		expect(await isServing()).toBe(false);
		expect((await stat(command.in('profiles/default/maintenance.json'))).mode & 0o777).toBe(0o600);
		expect(await command.json(['maintenance', 'status'])).toMatchObject({ active: true });
		const other = await command.run(['users', 'list']);
		expect([other.code, other.error]).toEqual([1, expect.stringContaining('is in maintenance mode')]);
		expect((await command.run(['maintenance', 'start', '--yes'])).error).toContain('already');
		expect(await command.json(['maintenance', 'end'])).toMatchObject({ active: false });
		expect(await isServing()).toBe(true);
		expect((await command.run(['maintenance', 'end'])).out).toContain('is not in maintenance mode');
		expect((await command.run(['users', 'list'])).code).toBe(0);
	});

	it('is started with a credential of the environment, where nothing has been saved yet', async () => {
		const env = { IMMICH_CONFIG_DIR: command.in('new'), IMMICH_SERVER: api.url, IMMICH_API_KEY: admin.key };
		expect(await command.json(['maintenance', 'start', '--yes'], { env })).toMatchObject({ active: true });
		expect((await stat(command.in('new/maintenance.json'))).mode & 0o777).toBe(0o600);
		expect(await command.json(['maintenance', 'end'], { env })).toMatchObject({ active: false });
		expect(await isServing()).toBe(true);
	});

	it('is not started if its token cannot be kept', async () => {
		await command.write('file', '');
		const env = { IMMICH_CONFIG_DIR: command.in('file/below'), IMMICH_SERVER: api.url, IMMICH_API_KEY: admin.key };
		const { code, error } = await command.run(['maintenance', 'start', '--yes'], { env });
		expect([code, error]).toEqual([1, expect.stringContaining(command.in('file'))]);
		expect(await isServing()).toBe(true);
	});

	it.each([['logout'], ['profile', 'remove', 'work']])('is forgotten with the profile by %j', async (...args) => {
		await command.signIn(api.url, admin.key, 'work');
		await command.json(['maintenance', 'start', '--in', '30', '--yes', '--profile', 'work']);
		const { code, error } = await command.run([...args, '--profile', 'work']);
		expect([code, error]).toEqual([0, expect.stringContaining('The token of a maintenance')]);
		expect(await readdir(command.in('profiles'))).toEqual(['default']);
		await command.json(['maintenance', 'end']);
	});

	it('is announced with a message, and withdrawn', async () => {
		const args = ['maintenance', 'start', '--in', '30', '--message', 'Update', '--expected', '15', '--yes'];
		expect(await command.json(args)).toMatchObject({ active: false, announced: true, message: 'Update' });
		expect((await command.run(['maintenance', 'status'])).out).toMatch(/announced\nMessage: +Update\nStart:/);
		expect((await command.run(['maintenance', 'end'])).out).toContain('withdrawn');
		expect(await command.json(['maintenance', 'status'])).toMatchObject({ active: false, announced: false });
		expect((await command.run(['maintenance', 'start', '--in', 'soon', '--yes'])).code).toBe(2);
	});

	it('that was started elsewhere needs its token', async () => {
		const { token } = await maintenance.begin();
		const { code, error } = await command.run(['maintenance', 'end']);
		expect([code, error]).toEqual([1, expect.stringContaining('--token-stdin')]);
		const wrong = await command.run(['maintenance', 'end', '--token-stdin'], { input: 'wrong' });
		expect([wrong.code, wrong.error]).toEqual([1, expect.stringContaining('immich-admin')]);
		expect(await isServing()).toBe(false);
		expect((await command.run(['maintenance', 'end', '--token-stdin'], { input: token })).code).toBe(0);
		expect(await isServing()).toBe(true);
	});
});

describe('config', () => {
	it('is shown, changed and compared', async () => {
		expect(await command.json(['config', 'get', 'passwordLogin.enabled'])).toBe(true);
		expect((await command.run(['config', 'get', 'passwordLogin'])).out).toBe('passwordLogin.enabled = true\n');
		expect(await command.json(['config', 'diff'])).toEqual([]);
		const args = ['config', 'set', 'user.deleteDelay', '14'];
		expect((await command.run(args)).code).toBe(2);
		expect(await command.json([...args, '--yes'])).toEqual({ path: 'user.deleteDelay', from: 7, to: 14 });
		await command.json(['config', 'set', 'server.loginPageMessage', '14', '--yes']);
		expect(await command.json(['config', 'diff'])).toEqual([
			{ path: 'server.loginPageMessage', current: '14', other: '' },
			{ path: 'user.deleteDelay', current: 14, other: 7 }
		]);
		expect(await command.json([...args, '--yes'])).toMatchObject({ from: 14, to: 14 });
		await command.write('config.json.part', '{"user":{"deleteDelay":7},"other":1}');
		expect(await command.json(['config', 'diff', '--file', 'config.json.part'])).toEqual([
			{ path: 'user.deleteDelay', current: 14, other: 7 },
			{ path: 'other', current: null, other: 1 }
		]);
	});

	it('has the settings that Immich does not have', async () => {
		const own = (await command.json(['config', 'get', 'immichAuth'])) as Record<string, unknown>;
		expect(Object.keys(own).length).toBeGreaterThan(0);
		const all = (await command.run(['config', 'get'])).out.split('\n');
		const [path, value] = all.find((line) => /^immichAuth\.\S+ = true$/.test(line))?.split(' = ') ?? [];
		expect(value).toBe('true');
		expect(await command.json(['config', 'set', path ?? '', 'false', '--yes'])).toEqual({
			path,
			from: true,
			to: false
		});
		expect(await command.json(['config', 'get', path ?? ''])).toBe(false);
	});

	it('takes a secret from standard input, and shows none', async () => {
		const args = ['config', 'set', 'oauth.clientSecret', '--value-stdin', '--yes'];
		const { code, out } = await command.run(args, { input: 'very-secret' });
		expect([code, out]).toEqual([0, 'oauth.clientSecret is changed.\n']);
		expect((await command.run(['config', 'get'])).out).not.toContain('very-secret');
	});

	it('does not show the secret that another Immich has, when it is replaced', async () => {
		const url = await open(
			listenBefore(api.url, (incoming, response) => {
				if (incoming.url !== '/api/admin/config') return false;
				sendJson(response, { oauth: { clientSecret: 'old-secret' } });
				return true;
			})
		);
		const key = await api.accounts.makeApiKey(admin.id);
		await command.signIn(url, key, 'other');
		const set = ['config', 'set', 'oauth.clientSecret', '--profile', 'other'];
		const { out, error } = await command.run([...set, 'new-secret', '--yes', '--json']);
		expect([JSON.parse(out), error]).toEqual([{ path: 'oauth.clientSecret', from: null, to: null }, '']);
		const asked = command.terminal([...set, 'new-secret']);
		await asked.see('Change oauth.clientSecret?');
		asked.press(ctrlC);
		expect(await asked.ended()).toBe(1);
		expect(asked.shown).not.toMatch(/(old|new)-secret/);
	});

	it.each([
		[['get', 'nothing.here'], 1, 'no setting'],
		[['set', 'nothing.here', '1', '--yes'], 1, 'no setting'],
		[['set', 'immichAuth.nothing', '1', '--yes'], 1, 'no setting'],
		[['set', 'oauth', '1', '--yes'], 2, 'is a group'],
		[['set', 'user.deleteDelay', 'many', '--yes'], 2, 'is no value'],
		[['set', 'user.deleteDelay', '-1', '--yes'], 1, 'user.deleteDelay'],
		[['set', 'user.deleteDelay', '--yes'], 2, '--value-stdin'],
		[['diff', '--file', 'missing.json'], 1, 'There is no file']
	])('refuses %j', async (args, wanted, text) => {
		const { code, error } = await command.run(['config', ...args]);
		expect([code, error]).toEqual([wanted, expect.stringContaining(text)]);
	});
});

describe('audit tail', () => {
	const create = (name: string) => command.json(['users', 'create', `${name}@example.test`, '--name', name]);

	it('prints the newest events, oldest first', async () => {
		for (const name of ['ada', 'bob', 'cy']) await create(name);
		const { out } = await command.run(['audit', 'tail', '--lines', '2', '--action', 'user.create']);
		expect(out.trim().split('\n')).toEqual([
			expect.stringMatching(/user\.create {2}\S+ {2}by root@example\.test {2}on bob@example\.test/),
			expect.stringContaining('cy@example.test')
		]);
		const ofAda = await command.run(['audit', 'tail', '--user', 'ada', '--json']);
		expect(
			ofAda.out
				.trim()
				.split('\n')
				.map((line) => JSON.parse(line) as unknown)
		).toMatchObject([{ action: 'user.create' }]);
		expect((await command.run(['audit', 'tail', '--lines', '0'])).code).toBe(2);
	});

	it('follows, and ends when nobody reads anymore', async () => {
		await create('ada');
		const child = command.start(['audit', 'tail', '--follow', '--action', 'user.create', '--json']);
		const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
		const next = async () => JSON.parse(String((await lines.next()).value)) as { subject: { email: string } };
		expect((await next()).subject.email).toBe('ada@example.test');
		await create('bob');
		expect((await next()).subject.email).toBe('bob@example.test');
		child.stdout.destroy();
		await create('cy');
		await once(child, 'close');
		expect(child.exitCode).toBe(0);
	});
});

afterEach(async () => {
	expect(await readFile(command.in('profiles/default/session.json'), 'utf8')).toContain('api_key');
});
