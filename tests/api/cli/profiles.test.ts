import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { SignJWT } from 'jose';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { useImmichAuth } from '#tests/support/immich-auth.ts';
import { listen, listenBefore } from '#tests/support/other-immich.ts';

const api = useApi();
const command = useImmichAuth();

async function signInAs(profile: string, ...more: string[]) {
	const user = await api.accounts.makeUser();
	const args = ['login', api.url, '--email', user.email, '--password-stdin', '--profile', profile, ...more];
	expect((await command.run(args, { input: password })).code).toBe(0);
	return user;
}

const putToken = (profile: string, accessToken: string, serverUrl = api.url) =>
	command.write(
		`profiles/${profile}/session.json`,
		JSON.stringify({
			server_url: serverUrl,
			auth: { type: 'jwt', jwt: { access_token: accessToken, user_id: 'x', email: 'ada@example.test' } },
			created_at: '2026-01-02T03:04:05Z'
		})
	);

describe('profiles', () => {
	it('of two servers are listed, switched between and removed', async () => {
		const ada = await signInAs('home');
		const bob = await signInAs('work');
		expect(await command.json(['profile', 'list'])).toMatchObject({
			current: 'home',
			profiles: [
				{ name: 'home', isCurrent: true, session: { email: ada.email, server: api.url }, problem: null },
				{ name: 'work', isCurrent: false, session: { email: bob.email }, problem: null }
			]
		});
		expect(await command.json(['whoami'])).toMatchObject({ email: ada.email });
		expect(await command.json(['whoami', '--profile', 'work'])).toMatchObject({ email: bob.email });
		expect(await command.json(['--profile', 'work', 'whoami'])).toMatchObject({ email: bob.email });
		expect(await command.json(['profile', 'switch', 'work'])).toEqual({ current: 'work' });
		expect(await command.json(['whoami'])).toMatchObject({ email: bob.email });
		expect((await command.run(['profile', 'list'])).out).toMatch(/\* +work/);
		expect(await command.json(['profile', 'remove', 'work'])).toEqual({ removed: 'work', current: 'default' });
		expect(await api.accounts.countSessions(bob.id)).toBe(0);
		expect(await readdir(command.in('profiles'))).toEqual(['home']);
	});

	it('that do not exist are refused', async () => {
		await signInAs('home');
		for (const args of [
			['profile', 'switch', 'work'],
			['profile', 'remove', 'work']
		]) {
			const { code, error } = await command.run(args);
			expect([code, error]).toEqual([1, expect.stringMatching(/no profile "work"[^]*home/)]);
		}
		const { code, error } = await command.run(['whoami', '--profile', 'work']);
		expect([code, error]).toEqual([1, expect.stringContaining('immich-auth login SERVER --profile work')]);
		expect((await command.run(['profile', 'switch', '../home'])).code).toBe(2);
	});

	it('whose names are none are refused by every command', async () => {
		for (const name of ['..', '.', 'a/b', 'a\\b'])
			for (const args of [['status'], ['whoami'], ['logout'], ['users', 'list'], ['login', api.url, '--api-key', 'x']])
				expect([name, args, (await command.run([...args, '--profile', name])).code]).toEqual([name, args, 2]);
		const { code, error } = await command.run(['whoami', '--profile', 'x'.repeat(300)]);
		expect([code, error]).toEqual([2, expect.stringContaining('must have at most 255 bytes')]);
	});

	it('whose file contains no address are named', async () => {
		await putToken('bad', 'x', 'ftp://x');
		const { code, error } = await command.run(['whoami', '--profile', 'bad']);
		expect([code, error]).toEqual([1, expect.stringContaining(command.in('profiles/bad/session.json'))]);
	});

	it('with a damaged file are listed with the reason, and can be removed', async () => {
		await command.write('profiles/bad/session.json', 'x');
		expect(await command.json(['profile', 'list'])).toMatchObject({
			profiles: [{ name: 'bad', session: null, problem: expect.stringContaining('is not valid JSON') as string }]
		});
		expect((await command.run(['profile', 'remove', 'bad'])).code).toBe(0);
		expect(await readdir(command.in('profiles'))).toEqual([]);
	});
});

describe('logout', () => {
	it('ends the session on the server', async () => {
		const { id } = await signInAs('home');
		expect(await command.json(['logout'])).toEqual([{ profile: 'home', server: api.url, outcome: 'ended' }]);
		expect(await api.accounts.countSessions(id)).toBe(0);
		expect(await command.json(['logout'])).toEqual([{ profile: 'home', server: null, outcome: 'not_signed_in' }]);
	});

	it('ends those of all profiles, and leaves API keys valid', async () => {
		const ada = await signInAs('ada');
		const bob = await api.accounts.makeUser();
		const key = await api.accounts.makeApiKey(bob.id);
		await command.json(['login', api.url, '--api-key', key, '--profile', 'bob']);
		expect(await command.json(['logout', '--all'])).toEqual([
			{ profile: 'ada', server: api.url, outcome: 'ended' },
			{ profile: 'bob', server: api.url, outcome: 'key_kept' }
		]);
		expect(await api.accounts.countSessions(ada.id)).toBe(0);
		expect((await api.request('GET', '/api/users/me', { apiKey: key })).status).toBe(200);
	});

	it('forgets the session of a server that is away, and says so', async () => {
		const { url, close } = await listen(() => undefined);
		await close();
		await putToken('default', 'opaque', url);
		const { code, error } = await command.run(['logout']);
		expect([code, error]).toEqual([0, expect.stringContaining("can't be reached")]);
		expect(await readdir(command.in('profiles'))).toEqual([]);
	});
});

describe('status', () => {
	it('shows where sessions are, and whose the chosen one is', async () => {
		const { email, name } = await signInAs('home');
		expect(await command.json(['status'])).toMatchObject({
			configDir: command.in(),
			currentProfile: 'home',
			profiles: ['home'],
			profile: 'home',
			session: { server: api.url, kind: 'jwt', expired: false, user: { email }, problem: null }
		});
		const { out } = await command.run(['status']);
		expect(out).toContain('home (current)');
		expect(out).toContain(`Valid for ${name} <${email}>`);
		expect(await command.json(['status', '--profile', 'work'])).toMatchObject({ profile: 'work', session: null });
	});

	it('asks the server whether an opaque token still works', async () => {
		await putToken('default', 'opaque');
		expect((await command.run(['status'])).out).toContain('(expired, sign in again)');
		const { code, error } = await command.run(['whoami']);
		expect([code, error]).toEqual([1, expect.stringContaining(`immich-auth login ${api.url} --profile default`)]);
	});

	it('calls an opaque token of a server that is away not checked, and a JWT whose time has passed expired', async () => {
		const { url, close } = await listen(() => undefined);
		await close();
		await putToken('opaque', 'opaque', url);
		expect(await command.json(['status', '--profile', 'opaque'])).toMatchObject({
			session: { expired: false, user: null, problem: expect.stringContaining("can't be reached") as string }
		});
		const past = new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(new Date(0));
		await putToken('past', await past.sign(new Uint8Array(32)), url);
		expect(await command.json(['status', '--profile', 'past'])).toMatchObject({ session: { expired: true } });
	});

	it('needs nothing at all', async () => {
		expect(await command.json(['status'])).toMatchObject({ currentProfile: 'default', profiles: [], session: null });
		expect(await readdir(command.in())).toEqual([]);
	});
});

describe('the environment', () => {
	it('that contradicts the profile is refused', async () => {
		await signInAs('home');
		const url = await listenBefore(api.url);
		const ran = await command.run(['whoami'], { env: { IMMICH_SERVER: url.url } });
		await url.close();
		expect([ran.code, ran.error]).toEqual([2, expect.stringContaining('IMMICH_SERVER names')]);
		expect((await command.run(['whoami'], { env: { IMMICH_SERVER: `${api.url}/api` } })).code).toBe(0);
		expect((await command.run(['whoami'], { env: { IMMICH_API_KEY: 'x' } })).code).toBe(2);
	});
});

describe('a pipe that is closed', () => {
	it('ends the program without a message', async () => {
		await signInAs('home');
		const child = command.start(['profile', 'list', '--json']);
		child.stdout.destroy();
		let error = '';
		child.stderr.on('data', (part: Buffer) => (error += part.toString()));
		await once(child, 'close');
		expect([child.exitCode, error]).toEqual([0, '']);
	});
});
