import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { listen, listenAdmitted, type Listener } from '#tests/support/live.ts';
import { startFreshServer, startServer, type TestServer } from '#tests/support/server.ts';
import { describeLoad } from './rounds.ts';
import type { Figure } from './targets.ts';

const minutes = Number(process.env['SOAK_MINUTES'] ?? 30);
const endsAfterMs = minutes * 60_000;
const socketCount = 50;
const killCount = 3;
const sampleEveryMs = 5_000;
const samplesPerMinute = 60_000 / sampleEveryMs;
/** An instance learns of another's changes within this time. */
const settledAfterMs = 100;
/** How long each kind of client waits between requests. */
const pausesMs = { reads: 20, lists: 150, signIns: 500, writes: 100, settings: 3_000 } as const;

const admin = { email: 'admin@example.test', password: 'correct horse battery', name: 'Ada' };
const env = { IMMICH_LOG_LEVEL: 'error' };
const Login = z.object({ accessToken: z.string(), userId: z.string() });
const Me = z.object({ name: z.string() });
const Config = z.object({ server: z.looseObject({ loginPageMessage: z.string() }) }).loose();

/** What went wrong, and how much was asked. */
class Tally {
	requests = 0;
	false401 = 0;
	lostWrites = 0;
	unexpected5xx = 0;
	refusedSockets = 0;
	readonly examples: string[] = [];

	note(kind: 'false401' | 'lostWrites' | 'unexpected5xx' | 'refusedSockets', example: string): void {
		this[kind]++;
		if (this.examples.length < 5) this.examples.push(example);
	}
}

/**
 * Runs two instances on one database under mixed load, kills one of them with SIGKILL several times, and reports memory and
 * mistakes. A request that fails because its instance was killed is sent to the other one.
 */
export async function measureSoak(): Promise<Figure[]> {
	const first = await startFreshServer(env);
	const startSecond = () => startServer({ DATA_DIR: first.dataDir, ...env });
	/** Null while it is down. */
	const running: { second: TestServer | null } = { second: await startSecond() };
	const tally = new Tally();
	const startedAt = performance.now();
	const isOver = () => performance.now() - startedAt > endsAfterMs;

	/** Asks one instance, and the other if that one is down. */
	async function ask(method: string, path: string, token?: string, body?: unknown): Promise<Response> {
		const { second } = running;
		const urls = second && tally.requests % 2 === 0 ? [second.url, first.url] : [first.url, second?.url ?? first.url];
		const headers = {
			...(token !== undefined && { authorization: `Bearer ${token}` }),
			...(body !== undefined && { 'content-type': 'application/json' })
		};
		for (const url of urls)
			try {
				tally.requests++;
				const response = await fetch(url + path, {
					method,
					headers,
					...(body !== undefined && { body: JSON.stringify(body) })
				});
				const text = await response.text();
				if (response.status === 401) tally.note('false401', `${method} ${path}: 401`);
				if (response.status >= 500)
					tally.note('unexpected5xx', `${method} ${path}: ${String(response.status)} ${text.slice(0, 100)}`);
				return new Response(response.status === 204 || response.status === 304 ? null : text, {
					status: response.status
				});
			} catch (error) {
				if (url === first.url) throw error;
			}
		throw new Error(`No instance answered ${path}`);
	}

	async function repeat(pauseMs: number, run: () => Promise<void>): Promise<void> {
		while (!isOver()) {
			await run();
			await pause(pauseMs);
		}
	}

	const signIn = async () => Login.parse(await (await ask('POST', '/api/auth/login', undefined, admin)).json());
	await ask('POST', '/api/auth/admin-sign-up', undefined, admin);
	const { accessToken } = await signIn();
	const sockets: Listener[] = [];

	async function readMe(): Promise<void> {
		await ask('GET', '/api/users/me', accessToken);
	}
	async function readLists(): Promise<void> {
		for (const path of ['/api/sessions', '/api/admin/users', '/api/notifications', '/api/api-keys'])
			await ask('GET', path, accessToken);
	}
	/** A new session is valid on both instances, and ends on both. */
	async function signInAndOut(): Promise<void> {
		const login = await signIn();
		await ask('GET', '/api/users/me', login.accessToken);
		await ask('GET', '/api/users/me', login.accessToken);
		await ask('POST', '/api/auth/logout', login.accessToken);
	}
	let written = 0;
	/** What was confirmed is read back, from whichever instance. */
	async function write(): Promise<void> {
		const name = `Ada ${String(++written)}`;
		const { ok } = await ask('PUT', '/api/users/me', accessToken, { name });
		const readName = async () => Me.parse(await (await ask('GET', '/api/users/me', accessToken)).json()).name;
		const read = await readSettled(readName, name);
		if (ok && read !== name) tally.note('lostWrites', `${name} was confirmed, ${read} was read`);
	}
	let saved = 0;
	async function changeSettings(): Promise<void> {
		const config = Config.parse(await (await ask('GET', '/api/system-config', accessToken)).json());
		config.server.loginPageMessage = `Welcome ${String(++saved)}`;
		const { ok } = await ask('PUT', '/api/system-config', accessToken, config);
		const wanted = config.server.loginPageMessage;
		const read = await readSettled(async () => {
			return Config.parse(await (await ask('GET', '/api/system-config', accessToken)).json()).server.loginPageMessage;
		}, wanted);
		if (ok && read !== wanted) tally.note('lostWrites', `Settings ${String(saved)} were confirmed and not read`);
	}
	async function openSockets(url: string): Promise<void> {
		for (let count = 0; count < socketCount; count++) {
			const listener = listen(url, { authorization: `Bearer ${accessToken}` });
			listener.socket.on('connect_error', (error) => tally.note('refusedSockets', error.message));
			sockets.push(listener);
			await listener.next('on_server_version');
		}
	}
	let kills = 0;
	async function killSecond(): Promise<void> {
		await pause(endsAfterMs / (killCount + 1));
		if (isOver() || !running.second || kills === killCount) return;
		const { process: child } = running.second;
		running.second = null;
		const gone = new Promise((resolve) => child.once('exit', resolve));
		child.kill('SIGKILL');
		await gone;
		kills++;
		await pause(2_000);
		running.second = await startSecond();
		const listener = await listenAdmitted(running.second.url, { authorization: `Bearer ${accessToken}` });
		listener.close();
	}
	const memory: { readonly mebibytes: number }[] = [];
	async function sample(): Promise<void> {
		const mebibytes = await residentMebibytes(first.process.pid);
		memory.push({ mebibytes });
		if (memory.length % samplesPerMinute !== 0) return;
		const minute = memory.length / samplesPerMinute;
		process.stderr.write(`${String(minute)} min: ${mebibytes.toFixed(0)} MiB, ${JSON.stringify(tally)}\n`);
	}

	const idle = await residentMebibytes(first.process.pid);
	try {
		await openSockets(first.url);
		await Promise.all([
			repeat(pausesMs.reads, readMe),
			repeat(pausesMs.reads, readMe),
			repeat(pausesMs.lists, readLists),
			repeat(pausesMs.signIns, signInAndOut),
			repeat(pausesMs.writes, write),
			repeat(pausesMs.settings, changeSettings),
			repeat(0, killSecond),
			repeat(sampleEveryMs, sample)
		]);
		return report(tally, memory, idle, kills);
	} finally {
		for (const socket of sockets) socket.close();
		await running.second?.stop();
		await first.stop();
	}
}

/** Reads again after a moment if the other instance hasn't received the change yet. */
async function readSettled(read: () => Promise<string>, wanted: string): Promise<string> {
	const first = await read();
	if (first === wanted) return first;
	await pause(settledAfterMs);
	return read();
}

async function residentMebibytes(pid: number | undefined): Promise<number> {
	const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

function report(
	tally: Tally,
	memory: readonly { readonly mebibytes: number }[],
	idle: number,
	kills: number
): Figure[] {
	const third = Math.floor(memory.length / 3);
	const [middle, last] = [memory.slice(third, 2 * third), memory.slice(2 * third)].map((part) =>
		median(part.map(({ mebibytes }) => mebibytes))
	);
	const highest = Math.max(...memory.map(({ mebibytes }) => mebibytes));
	const what = `${String(minutes)} minutes of mixed load on two instances, one killed ${String(kills)} times`;
	const requests = `${String(tally.requests)} requests, ${describeLoad()}`;
	const mistakes = (name: string, count: number): Figure => ({
		what: `${what}: ${name}`,
		measured: `${String(count)} requests`,
		against: requests,
		ratio: (count / tally.requests).toFixed(4),
		aim: '= 0 requests'
	});
	if (tally.examples.length > 0) process.stderr.write(`${tally.examples.join('\n')}\n`);
	return [
		mistakes('false 401', tally.false401),
		mistakes('unexpected 5xx', tally.unexpected5xx),
		mistakes('lost writes', tally.lostWrites),
		mistakes('refused websockets', tally.refusedSockets),
		{
			what: `${what}: memory in the last third`,
			measured: `${(last ?? 0).toFixed(0)} MiB (highest ${highest.toFixed(0)})`,
			against: `${(middle ?? 0).toFixed(0)} MiB in the middle third, ${idle.toFixed(0)} idle`,
			ratio: ((last ?? 0) / (middle ?? 1)).toFixed(2),
			aim: '≤ 1.05'
		}
	];
}
