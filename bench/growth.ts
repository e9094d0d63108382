import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import path from 'node:path';
import { z } from 'zod';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { makeCrowd } from '#tests/support/crowd.ts';
import { startFreshServer, startServer, type FreshServer, type TestServer } from '#tests/support/server.ts';
import { describeLoad } from './rounds.ts';
import { makeSessions } from './sessions.ts';
import type { Figure } from './targets.ts';

const userCounts = [1_000, 10_000, 100_000] as const;
const sessionCounts = [1, 100, 10_000] as const;
const rounds = 30;
const signInRounds = 15;
const revokedCount = 100;
/** A server is slower at first. */
const warmUpCount = 30;
const instanceCount = 4;

const env = { IMMICH_LOG_LEVEL: 'error' };
const password = 'correct horse battery';
const admin = { email: 'admin@bench.test', password, name: 'Ada' };
const Login = z.object({ accessToken: z.string(), userId: z.string() });
const Child = z.object({ id: z.string(), token: z.string() });
const Connections = z.object({ count: z.int() });

const quantile = (values: readonly number[], share: number) =>
	values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** A size, its server, and how to ask it. */
class Size {
	readonly count: number;
	readonly url: string;
	readonly token: string;
	readonly timesMs = new Map<string, number[]>();

	constructor(count: number, url: string, token: string) {
		this.count = count;
		this.url = url;
		this.token = token;
	}

	note(what: string, ms: number): void {
		this.timesMs.set(what, [...(this.timesMs.get(what) ?? []), ms]);
	}

	async call(method: string, target: string, body?: unknown, url = this.url, token = this.token): Promise<Response> {
		const headers = {
			authorization: `Bearer ${token}`,
			...(body !== undefined && { 'content-type': 'application/json' })
		};
		return fetch(url + target, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
	}

	/** Milliseconds until the first byte of a response's body. */
	async firstByteMs(target: string): Promise<number> {
		const startedAt = performance.now();
		return new Promise((resolve, reject) => {
			const headers = { authorization: `Bearer ${this.token}`, accept: 'text/html' };
			get(this.url + target, { headers }, (response) => {
				if (response.statusCode !== 200) reject(new Error(`GET ${target}: ${String(response.statusCode)}`));
				response.once('data', () => {
					const ms = performance.now() - startedAt;
					response.resume().once('end', () => resolve(ms));
				});
			}).on('error', reject);
		});
	}
}

const pages = {
	ping: '/api/server/ping',
	'users page': '/admin/users',
	'users page by last sign-in': '/admin/users?sort=lastSeenAt&direction=desc',
	'last users page': '/admin/users?sort=name&direction=asc&before=end',
	'search for a common name': '/admin/users?q=ada&sort=name&direction=asc',
	'search for one user': '/admin/users?q=777'
} as const;

const sessionPages = {
	ping: '/api/server/ping',
	'devices page': '/account/devices',
	'GET /api/users/me': '/api/users/me'
} as const;

/** Measures how times grow with the number of users and of one user's sessions, all sizes in turns. */
export async function measureGrowth(): Promise<Figure[]> {
	const servers: FreshServer[] = [];
	const others: TestServer[] = [];
	try {
		const sizes: Size[] = [];
		for (const count of userCounts) {
			const server = await startFreshServer(env);
			servers.push(server);
			others.push(await startServer({ DATA_DIR: server.dataDir, ...env }));
			sizes.push(await fill(server, count));
		}
		await measurePages(sizes, pages);
		await measureSignIns(sizes);
		for (const [index, size] of sizes.entries()) await measureRevocations(size, [others[index]?.url ?? '']);
		const largest = servers.at(-1);
		const owners = largest ? await createSessionOwners(largest, sizes.at(-1)?.token ?? '') : [];
		await measurePages(owners, sessionPages);
		const [smallest] = servers;
		const instances = smallest ? await measureInstances(smallest, sizes[0], others) : [];
		return [
			...[...Object.keys(pages).slice(1), 'sign-in', 'end of a session, seen by another instance'].map((what) =>
				toFigure(what, sizes, 'users', what === 'users page' ? '≤ 40 ms' : '≤ 4')
			),
			...Object.keys(sessionPages)
				.slice(1)
				.map((what) => toFigure(what, owners, 'sessions of one user', '≤ 4')),
			...instances
		];
	} finally {
		for (const server of [...others, ...servers.toReversed()]) await server.stop();
	}
}

async function fill(server: FreshServer, count: number): Promise<Size> {
	const post = (target: string) =>
		fetch(server.url + target, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(admin)
		});
	await post('/api/auth/admin-sign-up');
	const { accessToken } = Login.parse(await (await post('/api/auth/login')).json());
	await withDatabase(server, async ({ pool }) => makeCrowd(pool, count));
	return new Size(count, server.url, accessToken);
}

async function withDatabase<Result>(
	{ dataDir }: FreshServer,
	run: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<Result>
): Promise<Result> {
	const database = await openDatabase({ dataDir, migrationsDir: path.resolve('prisma/migrations') });
	try {
		return await run(database);
	} finally {
		await database.close();
	}
}

async function measurePages(sizes: readonly Size[], targets: Readonly<Record<string, string>>): Promise<void> {
	for (let round = -2; round < rounds; round++)
		for (const [what, target] of Object.entries(targets))
			for (const size of sizes) {
				const ms = await size.firstByteMs(target);
				if (round >= 0) size.note(what, ms);
			}
}

async function measureSignIns(sizes: readonly Size[]): Promise<void> {
	for (let round = 0; round < signInRounds; round++)
		for (const size of sizes) {
			const startedAt = performance.now();
			Login.parse(await (await size.call('POST', '/api/auth/login', admin)).json());
			size.note('sign-in', performance.now() - startedAt);
		}
}

/** How long other instances accept a session after it was ended; the slowest instance counts. */
async function measureRevocations(
	size: Size,
	urls: readonly string[],
	what = 'end of a session, seen by another instance'
): Promise<void> {
	for (let count = -warmUpCount; count < revokedCount; count++) {
		const child = Child.parse(await (await size.call('POST', '/api/sessions', {})).json());
		const ask = (url: string) => size.call('GET', '/api/users/me', undefined, url, child.token);
		for (const url of urls) if (!(await ask(url)).ok) throw new Error('The session is not known');
		await size.call('DELETE', `/api/sessions/${child.id}`);
		const endedAt = performance.now();
		const delays = await Promise.all(
			urls.map(async (url) => {
				while ((await ask(url)).ok);
				return performance.now() - endedAt;
			})
		);
		if (count >= 0) size.note(what, Math.max(...delays));
	}
}

/** Creates one user per number of sessions. */
async function createSessionOwners(server: FreshServer, adminToken: string): Promise<Size[]> {
	const creator = new Size(0, server.url, adminToken);
	const owners: Size[] = [];
	for (const count of sessionCounts) {
		const user = { email: `owner${String(count)}@bench.test`, password, name: 'Owner', shouldChangePassword: false };
		await creator.call('POST', '/api/admin/users', user);
		const { accessToken, userId } = Login.parse(await (await creator.call('POST', '/api/auth/login', user)).json());
		await makeSessions(server.dataDir, userId, count - 1);
		owners.push(new Size(count, server.url, accessToken));
	}
	return owners;
}

/** Runs four instances on one database. */
async function measureInstances(server: FreshServer, size: Size | undefined, others: TestServer[]): Promise<Figure[]> {
	if (!size) return [];
	const started = [others[0]];
	while (started.length < instanceCount - 1) {
		const another = await startServer({ DATA_DIR: server.dataDir, ...env });
		others.push(another);
		started.push(another);
	}
	const what = 'end of a session, seen by all of four instances';
	await measureRevocations(
		size,
		started.flatMap((instance) => instance?.url ?? []),
		what
	);
	const connections = await withDatabase(server, async ({ pool }) => {
		const { rows } = await pool.query(
			`SELECT count(*)::int AS count FROM pg_stat_activity
			WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`
		);
		return Connections.parse(rows[0]).count;
	});
	const mebibytes = await Promise.all(started.map((instance) => residentMebibytes(instance?.process.pid)));
	const [p99, one] = [what, 'end of a session, seen by another instance'].map((name) =>
		quantile(size.timesMs.get(name) ?? [], 0.99)
	);
	return [
		{
			what: `Four instances on one PostgreSQL: ${what}, ${String(revokedCount)} times: p99`,
			measured: `${(p99 ?? 0).toFixed(1)} ms`,
			against: `${(one ?? 0).toFixed(1)} ms with two instances, ${describeLoad()}`,
			ratio: ((p99 ?? 0) / (one ?? 1)).toFixed(2),
			aim: '≤ 20 ms'
		},
		{
			what: 'Connections to PostgreSQL of each of four instances after that',
			measured: `${(connections / instanceCount).toFixed(1)} connections`,
			against: `100, PostgreSQL's default limit; ${Math.max(...mebibytes).toFixed(0)} MiB of memory per instance`,
			ratio: (connections / instanceCount / 100).toFixed(2),
			aim: '≤ 0.25'
		}
	];
}

async function residentMebibytes(pid: number | undefined): Promise<number> {
	const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

const formatMs = (ms: number): string => `${ms.toFixed(1)} ms`;

/** Compares the largest size with the smallest. */
function toFigure(what: string, sizes: readonly Size[], unit: string, aim: string): Figure {
	const share = what.startsWith('end of') ? 0.99 : 0.5;
	const times = sizes.map(({ timesMs, count }) => ({ count, ms: quantile(timesMs.get(what) ?? [], share) }));
	const [largest, smallest] = [times.at(-1), times[0]];
	const name = (count: number) => `${count.toLocaleString('en')} ${unit}`;
	return {
		what: `Growth: ${what}, ${share === 0.99 ? 'p99' : 'median'} with ${name(largest?.count ?? 0)}`,
		measured: formatMs(largest?.ms ?? 0),
		against: `${times
			.slice(0, -1)
			.map(({ count, ms }) => `${formatMs(ms)} with ${count.toLocaleString('en')}`)
			.join(', ')}, ${describeLoad()}`,
		ratio: ((largest?.ms ?? 0) / (smallest?.ms ?? 1)).toFixed(2),
		aim
	};
}
