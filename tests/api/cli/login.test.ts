import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { ctrlC, program, useImmichAuth } from '#tests/support/immich-auth.ts';
import { listen, listenBefore, type Listening } from '#tests/support/other-immich.ts';
import { selfSigned } from '#tests/support/self-signed.ts';

const api = useApi();
const command = useImmichAuth();
const opened: Listening[] = [];
afterEach(async () => {
	await Promise.all(opened.splice(0).map(({ close }) => close()));
});

async function open(listening: Promise<Listening>): Promise<string> {
	const server = await listening;
	opened.push(server);
	return server.url;
}

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

	it('writes nothing after Ctrl-C', async () => {
		const url = await open(listenBefore(api.url));
		const terminal = command.terminal(['login', url]);
		await terminal.see('API key for');
		terminal.press(ctrlC);
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

describe('a server that cannot be used', () => {
	const loginTo = (url: string) => command.run(['login', url, '--api-key', 'x']);

	it('is down', async () => {
		const { url, close } = await listen(() => undefined);
		await close();
		const { code, error } = await loginTo(url);
		expect([code, error]).toEqual([1, expect.stringContaining("can't be reached: nothing listens there")]);
	});

	it('is no Immich', async () => {
		const url = await open(listen((_, response) => response.end('<h1>Hello</h1>')));
		const { code, error } = await loginTo(url);
		expect([code, error]).toEqual([1, expect.stringContaining('is not an Immich server')]);
	});

	it('answers with another form', async () => {
		const url = await open(
			listenBefore(api.url, (incoming, response) => {
				if (incoming.url !== '/api/api-keys/me') return false;
				response.setHeader('content-type', 'application/json').end('{"id":5}');
				return true;
			})
		);
		const { code, error } = await loginTo(url);
		expect([code, error]).toEqual([1, expect.stringMatching(/unexpected form.*\n.*another version/)]);
	});

	it('is in maintenance, as Immich shows it', async () => {
		const url = await open(
			listenBefore(api.url, (incoming, response) => {
				if (!incoming.url?.startsWith('/api/') || incoming.url === '/api/server/ping') return false;
				const isConfig = incoming.url === '/api/server/config';
				response.writeHead(isConfig ? 200 : 404, { 'content-type': 'application/json' });
				response.end(JSON.stringify(isConfig ? { maintenanceMode: true } : { message: 'Cannot GET' }));
				return true;
			})
		);
		const { code, error } = await command.run(['login', url, '--email', 'ada@example.test', '--password', 'x']);
		expect([code, error]).toEqual([1, expect.stringContaining('is in maintenance mode')]);
	});

	it('has a certificate that is not trusted', async () => {
		const server = createServer(selfSigned, (_, response) => response.end()).listen(0, 'localhost');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const { code, error } = await loginTo(`https://localhost:${String(port)}`);
		server.closeAllConnections();
		server.close();
		expect([code, error]).toEqual([1, expect.stringMatching(/certificate.*not trusted[^]*NODE_EXTRA_CA_CERTS/)]);
	});

	it.each<
		[
			string,
			(path: string) => { readonly status: number; readonly headers?: Record<string, string>; readonly body?: object }
		]
	>([
		['an API', () => ({ status: 200, body: { api: { endpoint: 'http://localhost/api' } } })],
		[
			'a place to sign in with a code',
			() => ({
				status: 200,
				body: {
					api: { endpoint: '/api' },
					deviceAuthorization: { codeEndpoint: 'http://localhost/code', tokenEndpoint: '/token' }
				}
			})
		],
		[
			'a place to fetch the token',
			() => ({
				status: 200,
				body: {
					api: { endpoint: '/api' },
					deviceAuthorization: { codeEndpoint: '/code', tokenEndpoint: 'http://localhost/token' }
				}
			})
		],
		['another site', (path) => ({ status: 302, headers: { location: `http://localhost${path}` } })]
	])('has HTTPS and names %s without it: nothing is sent there', async (_, answer) => {
		const server = createServer(selfSigned, (incoming, response) => {
			const { status, headers, body } = answer(incoming.url ?? '');
			response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
		}).listen(0, 'localhost');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		await command.write('server.pem', selfSigned.cert);
		const env = { NODE_EXTRA_CA_CERTS: command.in('server.pem') };
		const { code, error } = await command.run(['login', `https://localhost:${String(port)}`, '--api-key', 'x'], {
			env
		});
		server.closeAllConnections();
		server.close();
		expect([code, error]).toEqual([1, expect.stringContaining('names an address without HTTPS, http://localhost')]);
	});

	it('redirects a credential elsewhere: it is not sent', async () => {
		const seen: string[] = [];
		const elsewhere = await open(
			listen((incoming, response) => {
				seen.push(String(incoming.headers['x-api-key']));
				response.end();
			})
		);
		const url = await open(
			listenBefore(api.url, (incoming, response) => {
				if (incoming.url !== '/api/api-keys/me') return false;
				response.writeHead(302, { location: elsewhere }).end();
				return true;
			})
		);
		const { code, error } = await loginTo(url);
		expect([code, error]).toEqual([1, expect.stringContaining('redirects to another address')]);
		expect(seen).toEqual([]);
	});

	it('redirects the whole site: the target is signed in to', async () => {
		const { id } = await api.accounts.makeUser();
		const key = await api.accounts.makeApiKey(id);
		const url = await open(
			listen((incoming, response) => response.writeHead(301, { location: `${api.url}${incoming.url ?? ''}` }).end())
		);
		expect(await command.json(['login', url, '--api-key', key])).toMatchObject({ server: api.url });
	});
});

describe('files that cannot be used', () => {
	it('a damaged session file is named, and replaced only by a login', async () => {
		await command.write('profiles/default/session.json', '{"secret');
		const file = command.in('profiles/default/session.json');
		for (const args of [['status'], ['whoami'], ['logout']]) {
			const { code, error } = await command.run(args);
			expect([code, error]).toEqual([1, expect.stringContaining(`${file}: is not valid JSON`)]);
		}
		expect(await readFile(file, 'utf8')).toBe('{"secret');
		const { id } = await api.accounts.makeUser();
		expect((await command.run(byKey('wrong'))).code).toBe(1);
		expect(await readFile(file, 'utf8')).toBe('{"secret');
		expect((await command.run(byKey(await api.accounts.makeApiKey(id)))).code).toBe(0);
		expect((await command.run(['status'])).code).toBe(0);
	});

	it('a damaged config.json is named, and replaced by a login that names the profile', async () => {
		await command.write('config.json', '[');
		const { id } = await api.accounts.makeUser();
		const key = await api.accounts.makeApiKey(id);
		const { code, error } = await command.run(byKey(key));
		expect([code, error]).toEqual([1, expect.stringContaining(command.in('config.json'))]);
		expect(await readFile(command.in('config.json'), 'utf8')).toBe('[');
		expect((await command.run(byKey(key, '--profile', 'work', '--switch'))).code).toBe(0);
		expect(await command.json(['profile', 'current'])).toEqual({ current: 'work' });
	});

	it('a home that cannot be written is named before anything is sent', async () => {
		await writeFile(command.in('file'), '');
		const { id, email } = await api.accounts.makeUser();
		const env = { IMMICH_CONFIG_DIR: command.in('file', 'below') };
		const args = ['login', api.url, '--email', email, '--password', password];
		const { code, error } = await command.run(args, { env });
		expect([code, error]).toEqual([1, expect.stringContaining(command.in('file'))]);
		expect(await api.accounts.countSessions(id)).toBe(0);
	});

	it('a session that cannot be written is ended on the server', async () => {
		await mkdir(command.in('profiles/default/session.json'), { recursive: true });
		const { id, email } = await api.accounts.makeUser();
		const args = ['login', api.url, '--email', email, '--password', password];
		const { code, error } = await command.run(args);
		expect([code, error]).toEqual([1, expect.stringContaining("session.json: can't be written")]);
		expect(await api.accounts.countSessions(id)).toBe(0);
	});

	it('a crash before the rename leaves the old session', async () => {
		const { id } = await api.accounts.makeUser();
		const [first, second] = [await api.accounts.makeApiKey(id), await api.accounts.makeApiKey(id)];
		await command.json(byKey(first));
		const crash = `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';
			fs.rename = () => process.kill(process.pid, 'SIGKILL'); syncBuiltinESMExports();`;
		const node = ['--import', `data:text/javascript,${encodeURIComponent(crash)}`];
		const { code } = await command.run(byKey(second), { node });
		expect(code).toBeNull();
		expect(await readdir(command.in('profiles/default'))).toHaveLength(2);
		expect(await command.readSession('default')).toMatchObject({ auth: { api_key: { key: first } } });
		expect((await command.run(['logout'])).code).toBe(0);
		expect(await readdir(command.in('profiles'))).toEqual([]);
	});

	it('50 saves by several processes leave a whole file', async () => {
		const library = path.join(path.dirname(program), 'session.js');
		const script = `const { save, createSession } = await import(${JSON.stringify(library)});
			await Promise.all(Array.from({ length: 10 }, (_, index) =>
				save(createSession('https://a.example', { type: 'api_key', key: 'x'.repeat(index * 1000 + 1) }), 'home')));`;
		const runs = Array.from({ length: 5 }, async () => {
			const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
				env: { ...process.env, IMMICH_CONFIG_DIR: command.in() },
				stdio: 'inherit'
			});
			await once(child, 'exit');
			return child.exitCode;
		});
		expect(await Promise.all(runs)).toEqual([0, 0, 0, 0, 0]);
		expect(await command.readSession('home')).toMatchObject({ auth: { type: 'api_key' } });
		expect(await readdir(command.in('profiles/home'))).toEqual(['session.json']);
	});
});

describe('the list of processes', () => {
	it('shows no secret', async () => {
		let isAsked = false;
		const url = await open(listen(() => (isAsked = true)));
		const child = command.start(['login', url, '--api-key', 'a-secret-key']);
		await expect.poll(() => isAsked).toBe(true);
		const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(child.pid)]);
		expect(stdout).toContain('immich-auth');
		expect(stdout).not.toContain('a-secret-key');
		child.kill();
		await once(child, 'close');
	});
});
