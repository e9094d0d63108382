import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { program, useImmichAuth } from '#tests/support/immich-auth.ts';
import { listen, listenBefore, useListening } from '#tests/support/other-immich.ts';
import { selfSigned } from '#tests/support/self-signed.ts';

const api = useApi();
const command = useImmichAuth();
const open = useListening();

const byKey = (key: string, ...more: string[]) => ['login', api.url, '--api-key', key, ...more];

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
