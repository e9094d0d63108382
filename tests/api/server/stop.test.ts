import { createServer, connect, type Socket } from 'node:net';
import { chmod, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import pg from 'pg';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { copyDataTo, newDataFolder, readPostmaster, processesIn, useDataFolders } from '#tests/support/data-folder.ts';
import { launchServer, type LaunchedServer } from '#tests/support/server.ts';

useDataFolders();

const cleanExit = { code: 0, signal: null };
const deadlineMs = 10_000;
const windows = process.platform === 'win32';

/** Expects no PostgreSQL process after the deadline. */
const expectNothingIn = (dataDir: string) =>
	expect.poll(() => processesIn(dataDir), { timeout: deadlineMs, interval: 50 }).toEqual([]);

/** Opens a connection and sends a text, without waiting for a response. */
async function open(port: number, text: string): Promise<Socket> {
	const socket = connect(port, '127.0.0.1');
	socket.on('error', () => undefined);
	await once(socket, 'connect');
	socket.write(text);
	return socket;
}

const handshake =
	'GET /api/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n' +
	'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const unfinished =
	'POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
const login = JSON.stringify({ email: 'ada@example.test', password: 'a wrong password' });
const request =
	'POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
	`Content-Length: ${String(login.length)}\r\n\r\n${login}`;

/** A database set up once and stopped cleanly, since setting one up takes longer than a start. */
let prepared = '';
let firstStartMs = 0;

beforeAll(async () => {
	prepared = await newDataFolder();
	const startedAt = performance.now();
	const server = launchServer({ DATA_DIR: prepared });
	await server.ready;
	firstStartMs = performance.now() - startedAt;
	expect(await server.stop()).toEqual(cleanExit);
	await vi.waitFor(async () => expect(await processesIn(prepared)).toEqual([]), { timeout: deadlineMs });
}, 180_000);

/** Creates a data folder with a copy of that database. */
async function preparedFolder(): Promise<string> {
	const dataDir = await newDataFolder();
	await copyDataTo(prepared, dataDir);
	return dataDir;
}

async function start() {
	const dataDir = await preparedFolder();
	const server = launchServer({ DATA_DIR: dataDir });
	return { server, dataDir, port: await server.ready };
}

/** Several starts. */
const timeout = 180_000;

describe('a failed startup', { timeout }, () => {
	it.each([
		['a config file that is missing', { IMMICH_CONFIG_FILE: '/nonexistent.yaml' }, /nonexistent\.yaml/],
		['a port for metrics that is taken', { IMMICH_AUTH_METRICS_PORT: 'taken' }, /IMMICH_AUTH_METRICS_PORT/]
	])('leaves no PostgreSQL behind: %s', async (_, env: Record<string, string>, message) => {
		const other = createServer().listen(0, '127.0.0.1');
		await once(other, 'listening');
		const taken = String((other.address() as { port: number }).port);
		const given = Object.fromEntries(
			Object.entries(env).map(([name, value]) => [name, value === 'taken' ? taken : value])
		);
		const dataDir = await preparedFolder();
		const server = launchServer({ DATA_DIR: dataDir, ...given });
		await expect(server.ready).rejects.toThrow(message);
		expect(await server.ended).toEqual({ code: 1, signal: null });
		await expectNothingIn(dataDir);
		other.close();
	});
});

describe('a stop', { timeout }, () => {
	it('does not wait for open connections and admits no websocket on them', async () => {
		const { server, dataDir, port } = await start();
		const halfAsked = 'GET /api/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n';
		const sockets = await Promise.all(
			['', handshake, handshake, unfinished, 'GET / HT', halfAsked].map((text) => open(port, text))
		);
		await once(sockets[1] as Socket, 'data');
		const waiting = sockets.at(-1) as Socket;
		const ended = server.stop();
		const isRefused = () =>
			open(port, '').then(
				(socket) => !socket.destroy(),
				() => true
			);
		await expect.poll(isRefused, { timeout: 5_000, interval: 10 }).toBe(true);
		let answer = '';
		waiting.on('data', (part) => (answer += part.toString()));
		waiting.write(handshake.slice(handshake.indexOf('Host:')));
		expect(await ended).toEqual(cleanExit);
		expect(answer).not.toContain(' 101 ');
		for (const socket of sockets) socket.destroy();
		await expectNothingIn(dataDir);
	});

	it('does not wait for an unresponsive database', async () => {
		const { server, dataDir, port } = await start();
		const client = new pg.Client({ host: path.join(dataDir, 'postgres/run'), user: 'postgres', database: 'immich' });
		client.on('error', () => undefined);
		await client.connect();
		await client.query('BEGIN; LOCK TABLE public."user", immich_auth.rate_limit IN ACCESS EXCLUSIVE MODE');
		const sockets = await Promise.all(Array.from({ length: 12 }, () => open(port, request)));
		await expect
			.poll(async () => (await client.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rowCount, { timeout: 30_000 })
			.toBeGreaterThan(0);
		expect(await server.stop()).toEqual(cleanExit);
		for (const socket of sockets) socket.destroy();
		await expectNothingIn(dataDir);
	});

	it.skipIf(windows)('does not wait for a frozen PostgreSQL', async () => {
		const { server, dataDir } = await start();
		process.kill(await readPostmaster(dataDir), 'SIGSTOP');
		expect(await server.stop('SIGINT')).toEqual(cleanExit);
		await expectNothingIn(dataDir);
	});

	it.skipIf(windows)(
		'works at any point of the startup and with a second signal',
		async () => {
			const startedAt = performance.now();
			const { server, dataDir } = await start();
			const laterStartMs = performance.now() - startedAt;
			server.process.kill('SIGTERM');
			server.process.kill('SIGINT');
			expect(await server.stop()).toEqual(cleanExit);
			await expectNothingIn(dataDir);

			const moments = [
				...[0.1, 0.3, 0.6].map((share) => ({ share, wholeMs: firstStartMs, makeFolder: newDataFolder })),
				...[0.05, 0.35, 0.65, 0.95].map((share) => ({ share, wholeMs: laterStartMs, makeFolder: preparedFolder }))
			];
			for (const { share, wholeMs, makeFolder } of moments) {
				const dataDir = await makeFolder();
				const early = launchServer({ DATA_DIR: dataDir });
				await Promise.race([early.ready, new Promise((resolve) => setTimeout(resolve, wholeMs * share))]);
				early.process.kill('SIGTERM');
				const { code, signal } = await early.stop('SIGINT');
				// Node exits by the signal if it has not started running the program.
				if (signal === null)
					expect({ share, code, lines: early.lines }).toEqual({ share, code: 0, lines: early.lines });
				else expect({ share, lines: early.lines }).toEqual({ share, lines: [] });
				await expectNothingIn(dataDir);
			}
		},
		300_000
	);

	it.skipIf(windows)('by killing the server also ends PostgreSQL, and the next start recovers', async () => {
		const { server, dataDir } = await start();
		server.process.kill('SIGKILL');
		await server.ended;
		await expect.poll(() => processesIn(dataDir), { timeout: 30_000 }).toEqual([]);
		const next = launchServer({ DATA_DIR: dataDir });
		await next.ready;
		expect(await next.stop()).toEqual(cleanExit);
	});
});

describe.skipIf(windows)('npm start', { timeout }, () => {
	const root = path.resolve(import.meta.dirname, '../../..');

	/** A separate checkout whose `npm` is the given script. */
	async function checkout(npm = '#!/bin/sh\nexit 0\n'): Promise<{ folder: string; env: Record<string, string> }> {
		const folder = path.dirname(await newDataFolder());
		const link = (name: string) => symlink(path.join(root, name), path.join(folder, name));
		await Promise.all(['build', 'prisma', 'package.json', 'package-lock.json'].map(link));
		await cp(path.join(root, 'scripts'), path.join(folder, 'scripts'), { recursive: true });
		await mkdir(path.join(folder, 'node_modules'));
		await mkdir(path.join(folder, 'bin'));
		await writeFile(path.join(folder, 'bin/npm'), npm);
		await chmod(path.join(folder, 'bin/npm'), 0o755);
		return { folder, env: { PATH: `${path.join(folder, 'bin')}:${process.env['PATH'] ?? ''}` } };
	}

	const realNpm = async () =>
		(await import('node:child_process')).execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();

	async function launch(command: readonly [string, ...string[]], npm?: string) {
		const { folder, env } = await checkout(npm);
		const dataDir = path.join(folder, 'data');
		await copyDataTo(prepared, dataDir);
		const server = launchServer({ ...env, DATA_DIR: dataDir }, command, { cwd: folder, detached: true });
		return { server, dataDir, folder };
	}

	const signalGroup = ({ process: { pid } }: LaunchedServer, signal: NodeJS.Signals) =>
		process.kill(-(pid ?? 0), signal);

	it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
		'stops everything on %s to scripts/start.mjs only',
		async (signal) => {
			const { server, dataDir } = await launch([process.execPath, 'scripts/start.mjs']);
			await server.ready;
			expect(await server.stop(signal)).toEqual(cleanExit);
			await expectNothingIn(dataDir);
		}
	);

	it.each([
		['SIGTERM', 'npm'],
		['SIGINT', 'npm'],
		['SIGTERM', 'the whole group'],
		['SIGINT', 'the whole group']
	] as const)('stops everything on %s to %s', async (signal, whom) => {
		const { server, dataDir } = await launch([await realNpm(), 'start', '--silent']);
		await server.ready;
		if (whom === 'the whole group') signalGroup(server, signal);
		await server.stop(signal);
		await expectNothingIn(dataDir);
	});

	it('also stops a package installation on a signal', async () => {
		const { server, folder } = await launch(
			[process.execPath, 'scripts/start.mjs'],
			'#!/bin/sh\necho begun >installing\nsleep 600\n'
		);
		await expect.poll(() => processesIn(folder).then(({ length }) => length), { timeout: 30_000 }).toBeGreaterThan(2);
		expect(await server.stop()).toEqual(cleanExit);
		await expectNothingIn(folder);
	});

	it('hides the setup’s output unless it fails', async () => {
		const noisy = (code: number) => `#!/bin/sh\necho noise\necho "npm warn EBADENGINE" >&2\nexit ${String(code)}\n`;
		const good = await launch([process.execPath, 'scripts/start.mjs'], noisy(0));
		await good.server.ready;
		await good.server.stop();
		expect(good.server.lines.join('\n')).not.toMatch(/noise|EBADENGINE/);
		const bad = await launch([process.execPath, 'scripts/start.mjs'], noisy(3));
		expect(await bad.server.ended).toEqual({ code: 3, signal: null });
		await expect.poll(() => bad.server.lines.join('\n')).toMatch(/noise[^]*EBADENGINE|EBADENGINE[^]*noise/);
	});
});
