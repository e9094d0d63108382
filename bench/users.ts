import { mkdtemp, rm, readFile, chmod } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import autocannon, { type Options, type Result } from 'autocannon';
import { z } from 'zod';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { makeCrowd } from '#tests/support/crowd.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import type { Figure } from './targets.ts';

const crowdSize = 100_000;
const changedCount = 10_000;
const importedCount = 10_000;
const rounds = 8;
/** Immich 3.0.3's time for the list of 100,000: docs of the peer's figures, same kind of machine. */
const peerListSeconds = 1.8;

const admin = { email: 'admin@bench.test', password: 'correct horse battery', name: 'Ada' };
const Login = z.object({ accessToken: z.string() });
const Batch = z.object({ id: z.string(), state: z.string(), total: z.int(), waiting: z.int(), done: z.int() });

/** Pages as users request them: sort orders, common and rare searches, each filter, and combinations. */
const queries = [
	'',
	'sort=name&direction=asc',
	'sort=email&direction=asc',
	'sort=usage&direction=desc',
	'sort=lastSeenAt&direction=desc',
	'sort=lastSeenAt&direction=asc',
	'q=ada',
	'q=ada&sort=name&direction=asc',
	'q=ada&sort=lastSeenAt',
	'q=77777',
	'q=77777&sort=lastSeenAt',
	'q=zzz',
	'q=a',
	'q=person5&sort=usage',
	'status=mustChange&sort=name',
	'status=expired&sort=lastSeenAt',
	'status=active&sort=name',
	'status=deleted&sort=name',
	'status=deleted&sort=lastSeenAt',
	'quota=over',
	'seen=never',
	'seen=never&sort=lastSeenAt',
	'signIn=oauth&role=admin',
	'q=garcia&status=mustChange&quota=over'
];

const run = (options: Options) =>
	new Promise<Result>((resolve, reject) =>
		autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)))
	);

const quantile = (values: readonly number[], share: number) =>
	values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Queries a server with 100,000 users as its admin. */
class Asker {
	readonly #server: TestServer;
	readonly #token: string;

	constructor(server: TestServer, token: string) {
		this.#server = server;
		this.#token = token;
	}

	get load(): Options {
		return { url: `${this.#server.url}/api/users/me`, headers: { authorization: `Bearer ${this.#token}` } };
	}

	async call(method: string, target: string, body?: unknown): Promise<Response> {
		const response = await fetch(this.#server.url + target, {
			method,
			headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
			...(body !== undefined && { body: JSON.stringify(body) })
		});
		if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${await response.text()}`);
		return response;
	}

	/** Milliseconds until the whole response has arrived. */
	async time(target: string): Promise<number> {
		const startedAt = performance.now();
		await (await this.call('GET', target)).arrayBuffer();
		return performance.now() - startedAt;
	}

	/** Seconds until the last byte of the response; it is not parsed, so that only the server is measured. */
	async timeBytes(target: string): Promise<number> {
		const startedAt = performance.now();
		const headers = { authorization: `Bearer ${this.#token}` };
		await new Promise<void>((resolve, reject) => {
			get(this.#server.url + target, { headers }, (response) => {
				response.resume().on('end', resolve).on('error', reject);
			}).on('error', reject);
		});
		return (performance.now() - startedAt) / 1_000;
	}

	async start(order: unknown, target = '/api/admin/user-batches'): Promise<string> {
		const { id } = Batch.parse(await (await this.call('POST', target, order)).json());
		await this.call('POST', `/api/admin/user-batches/${id}/start`);
		return id;
	}

	async finish(id: string): Promise<void> {
		for (;;) {
			const { state } = Batch.parse(await (await this.call('GET', `/api/admin/user-batches/${id}`)).json());
			if (state === 'finished') return;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
}

/** Measures the users area with 100,000 users. */
export async function measureUsers(): Promise<Figure[]> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-'));
	await chmod(dataDir, 0o711);
	const server = await startServer({ DATA_DIR: path.join(dataDir, 'data'), IMMICH_LOG_LEVEL: 'error' });
	try {
		const json = { 'content-type': 'application/json' };
		const post = (target: string, body: unknown) =>
			fetch(server.url + target, { method: 'POST', headers: json, body: JSON.stringify(body) });
		await post('/api/auth/admin-sign-up', admin);
		const { accessToken } = Login.parse(await (await post('/api/auth/login', admin)).json());
		const database = await openDatabase({
			dataDir: path.join(dataDir, 'data'),
			migrationsDir: path.resolve('prisma/migrations')
		});
		await makeCrowd(database.pool, crowdSize);
		await database.close();
		const asker = new Asker(server, accessToken);
		return [
			...(await measurePages(asker)),
			await measureStream(asker, server),
			await measureChange(asker),
			...(await measureImports(asker))
		];
	} finally {
		await server.stop();
		await rm(dataDir, { recursive: true, force: true });
	}
}

async function measurePages(asker: Asker): Promise<Figure[]> {
	const ping: number[] = [];
	const all: number[] = [];
	const first: number[] = [];
	const last: number[] = [];
	for (const query of queries) await asker.time(`/admin/users?${query}`);
	for (let round = 0; round < rounds; round++) {
		for (const query of queries) {
			ping.push(await asker.time('/api/server/ping'));
			all.push(await asker.time(`/admin/users?${query}`));
		}
		first.push(await asker.time('/admin/users?sort=name&direction=asc'));
		last.push(await asker.time('/admin/users?sort=name&direction=asc&before=end'));
	}
	const p95 = quantile(all, 0.95);
	return [
		{
			what: `Users page among 100,000, ${queries.length} orders, searches and filters: p95`,
			measured: `${p95.toFixed(0)} ms`,
			against: `${quantile(ping, 0.5).toFixed(1)} ms of a ping`,
			ratio: (p95 / quantile(ping, 0.5)).toFixed(0),
			aim: '< 100 ms'
		},
		{
			what: 'The last page of them',
			measured: `${quantile(last, 0.5).toFixed(0)} ms`,
			against: `${quantile(first, 0.5).toFixed(0)} ms of the first`,
			ratio: (quantile(last, 0.5) / quantile(first, 0.5)).toFixed(2),
			aim: '≤ 2'
		}
	];
}

async function measureStream(asker: Asker, { process: { pid } }: TestServer): Promise<Figure> {
	const target = '/api/admin/users?withDeleted=true';
	const residentMib = async () =>
		Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
	for (let warmUp = 0; warmUp < 3; warmUp++) await asker.timeBytes(target);
	const before = await residentMib();
	const times = [];
	for (let round = 0; round < 5; round++) times.push(await asker.timeBytes(target));
	const seconds = quantile(times, 0.5);
	return {
		what: `GET /api/admin/users, 100,000 accounts (memory + ${Math.max(0, (await residentMib()) - before).toFixed(0)} MiB)`,
		measured: `${seconds.toFixed(2)} s`,
		against: `${peerListSeconds} s of Immich 3.0.3`,
		ratio: (seconds / peerListSeconds).toFixed(2),
		aim: '≤ 0.20'
	};
}

async function measureChange(asker: Asker): Promise<Figure> {
	const response = await asker.call('GET', '/api/admin/user-directory/export?format=json&status=active&sort=name');
	const users = z.array(z.object({ id: z.string() })).parse(await response.json());
	const ids = users.slice(0, changedCount).map(({ id }) => id);
	const startedAt = performance.now();
	await asker.finish(await asker.start({ kind: 'requireChange', ids }));
	const seconds = (performance.now() - startedAt) / 1_000;
	const one = await asker.time(`/api/admin/users/${ids[0] ?? ''}`);
	return {
		what: 'Requiring a new password from 10,000',
		measured: `${seconds.toFixed(2)} s`,
		against: `${one.toFixed(1)} ms to read one account`,
		ratio: ((seconds * 1_000) / one).toFixed(0),
		aim: '< 2 s'
	};
}

async function measureImports(asker: Asker): Promise<Figure[]> {
	const quiet = (await run({ ...asker.load, connections: 1, overallRate: 50, duration: 5 })).latency.p99;
	const lines = (name: string) =>
		Array.from({ length: importedCount }, (_, number) => `Person ${number},${name}${number}@bench.test`).join('\n');
	const measure = async (withPasswords: boolean, durationSeconds: number) => {
		const csv = `name,email\n${lines(withPasswords ? 'hashed' : 'invited')}`;
		const startedAt = performance.now();
		const meanwhile = run({ ...asker.load, connections: 1, overallRate: 50, duration: durationSeconds });
		const id = await asker.start({ csv, withPasswords }, '/api/admin/user-batches/import');
		const finished = withPasswords ? null : asker.finish(id).then(() => (performance.now() - startedAt) / 1_000);
		const seconds = await finished;
		return { seconds, p99: (await meanwhile).latency.p99 };
	};
	const invited = await measure(false, 10);
	const hashed = await measure(true, 10);
	const figure = (what: string, p99: number): Figure => ({
		what,
		measured: `${p99} ms`,
		against: `${quiet} ms when quiet`,
		ratio: (p99 / Math.max(1, quiet)).toFixed(1),
		aim: '< 50 ms'
	});
	return [
		figure(
			`p99 of a signed-in request while 10,000 are imported without passwords (${(invited.seconds ?? 0).toFixed(1)} s)`,
			invited.p99
		),
		figure('p99 of a signed-in request while 10,000 are imported and hashed', hashed.p99)
	];
}
