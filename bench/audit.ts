import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { z } from 'zod';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import { SessionRepository } from '#lib/server/features/sessions/index.ts';
import { makeEvents } from '#tests/support/audit-crowd.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import type { Figure } from './targets.ts';
import { testVault } from '#tests/support/vault.ts';

const eventCount = 1_000_000;
const userCount = 5_000;
const rounds = 8;
const signInRounds = 400;

const admin = { email: 'admin@bench.test', password: 'correct horse battery', name: 'Ada' };
const Login = z.object({ accessToken: z.string(), userId: z.string() });

const quantile = (values: readonly number[], share: number) =>
	values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Requests measured: the whole page, common and rare filters, filters that exclude each other, and the last page. */
const buildQueries = (busy: string, ordinary: string): string[] => [
	'',
	'before=end',
	'action=auth.signIn',
	'action=user.update',
	'action=user.remove',
	'outcome=refused',
	'outcome=done',
	'outcome=refused&action=auth.signIn',
	'outcome=refused&action=user.update',
	'address=10.0.0.7',
	'address=203.0.113.1',
	'address=10.0.0.7&action=user.update',
	'from=2026-01-01&to=2026-01-31',
	`from=${day(-40)}&to=${day(-30)}`,
	`from=${day(-40)}&to=${day(-30)}&action=auth.signOut`,
	`user=${busy}`,
	`user=${busy}&before=end`,
	`user=${busy}&action=user.update`,
	`user=${busy}&action=auth.signIn`,
	`user=${busy}&outcome=refused`,
	`user=${busy}&address=10.0.0.7`,
	`user=${ordinary}`,
	`user=${ordinary}&action=user.update`,
	`user=${ordinary}&outcome=refused`,
	`user=${ordinary}&from=${day(-40)}`
];

const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** Measures the audit log with a million events, and what recording a sign-in costs. */
export async function measureAudit(): Promise<Figure[]> {
	const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-'));
	await chmod(folder, 0o711);
	const dataDir = path.join(folder, 'data');
	const server = await startServer({ DATA_DIR: dataDir, IMMICH_LOG_LEVEL: 'error' });
	try {
		const headers = { 'content-type': 'application/json' };
		const post = (target: string) =>
			fetch(server.url + target, { method: 'POST', headers, body: JSON.stringify(admin) });
		await post('/api/auth/admin-sign-up');
		const { accessToken, userId } = Login.parse(await (await post('/api/auth/login')).json());
		const database = await openDatabase({ dataDir, migrationsDir: path.resolve('prisma/migrations') });
		const [busy = '', ordinary = ''] = await makeEvents(database.pool, { events: eventCount, people: userCount });
		const pages = await measurePages(server, accessToken, buildQueries(busy, ordinary));
		const sessions = new SessionRepository({ ...database, vault: testVault });
		const cost = await measureSignIn(database.pool, sessions, userId, post);
		await database.close();
		return [pages, cost];
	} finally {
		await server.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

async function measurePages(server: TestServer, token: string, queries: readonly string[]): Promise<Figure> {
	const time = async (target: string) => {
		const startedAt = performance.now();
		const response = await fetch(server.url + target, { headers: { authorization: `Bearer ${token}` } });
		if (!response.ok) throw new Error(`${target}: ${response.status}`);
		await response.arrayBuffer();
		return performance.now() - startedAt;
	};
	for (const query of queries) await time(`/admin/audit?${query}`);
	const times = new Map(queries.map((query) => [query, [] as number[]]));
	const ping: number[] = [];
	for (let round = 0; round < rounds; round++)
		for (const [query, taken] of times) {
			ping.push(await time('/api/server/ping'));
			taken.push(await time(`/admin/audit?${query}`));
		}
	const p95 = quantile([...times.values()].flat(), 0.95);
	const slowest = [...times]
		.map(([query, taken]) => ({ query, ms: quantile(taken, 0.5) }))
		.toSorted((a, b) => b.ms - a.ms)[0];
	return {
		what: `Audit page among 1,000,000 events, ${queries.length} filters: p95 (slowest: ${slowest?.query.replaceAll(/=[\da-f-]{36}/g, '=…') || 'none'}, ${(slowest?.ms ?? 0).toFixed(0)} ms)`,
		measured: `${p95.toFixed(0)} ms`,
		against: `${quantile(ping, 0.5).toFixed(1)} ms of a ping`,
		ratio: (p95 / quantile(ping, 0.5)).toFixed(0),
		aim: '< 100 ms'
	};
}

/** Starts sessions with and without the audit event, alternating, and compares the extra cost with a whole sign-in. */
async function measureSignIn(
	pool: pg.Pool,
	sessions: SessionRepository,
	userId: string,
	post: (target: string) => Promise<Response>
): Promise<Figure> {
	const { rows } = await pool.query<{ password: string }>('SELECT "password" FROM "user" WHERE "id" = $1', [userId]);
	const device = { deviceType: 'Firefox', deviceOS: 'Linux', appVersion: null };
	const origin = { address: '10.0.0.7', client: 'Firefox on Linux', correlationId: 'bench' };
	const notice = notices.newDevice(origin.client, origin.address);
	const passwordHash = rows[0]?.password ?? '';
	const timed = async (work: () => Promise<unknown>) => {
		const startedAt = performance.now();
		await work();
		return performance.now() - startedAt;
	};
	const row = () => ({
		id: randomUUID(),
		userId,
		tokenHash: new Uint8Array(32),
		expiresAt: null,
		...device,
		address: origin.address
	});
	const recorded: number[] = [];
	const bare: number[] = [];
	const whole: number[] = [];
	for (let round = 0; round < signInRounds; round++) {
		recorded.push(
			await timed(() => sessions.create({ ...row(), proof: { passwordHash }, clientInfo: origin, notice }))
		);
		bare.push(await timed(() => startBare(pool, row(), passwordHash)));
	}
	for (let round = 0; round < 20; round++)
		whole.push(await timed(() => post('/api/auth/login').then((reply) => reply.text())));
	const [withRecord, without, signIn] = [quantile(recorded, 0.5), quantile(bare, 0.5), quantile(whole, 0.5)];
	const added = Math.max(0, withRecord - without);
	return {
		what: `What its record adds to a sign-in’s statement (${without.toFixed(2)} ms without, ${withRecord.toFixed(2)} ms with it)`,
		measured: `${added.toFixed(2)} ms`,
		against: `${signIn.toFixed(0)} ms of a sign-in`,
		ratio: `${((added / signIn) * 100).toFixed(1)} %`,
		aim: '< 5 %'
	};
}

interface BareSession {
	readonly id: string;
	readonly userId: string;
	readonly tokenHash: Uint8Array;
	readonly deviceType: string;
	readonly deviceOS: string;
}

/** Runs the statements of a sign-in without the audit event. */
const startBare = (pool: pg.Pool, { id, userId, tokenHash, deviceType, deviceOS }: BareSession, passwordHash: string) =>
	pool.query({
		name: 'bench-session-start',
		text: `
			WITH account AS (
				SELECT "id", "name", "email" FROM "user"
				WHERE "id" = $2 AND "password" = $6 AND "deletedAt" IS NULL FOR UPDATE
			), started AS (
				INSERT INTO "session" ("id", "userId", "token", "deviceType", "deviceOS")
				SELECT $1, "id", $3, $4, $5 FROM account
			)
			INSERT INTO immich_auth.user_activity ("userId", "lastSignInAt", "lastSeenAt")
			SELECT "id", now(), now() FROM account
			ON CONFLICT ("userId") DO UPDATE SET "lastSignInAt" = now(), "lastSeenAt" = now()`,
		values: [id, userId, tokenHash, deviceType, deviceOS, passwordHash]
	});
