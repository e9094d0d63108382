import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { startServer } from '#tests/support/server.ts';
import type { Figure } from './targets.ts';

const sessionCount = 10_000;
const rounds = 20;

const admin = { email: 'admin@bench.test', password: 'correct horse battery', name: 'Ada' };
const Login = z.object({ accessToken: z.string(), userId: z.string() });

const quantile = (values: readonly number[], share: number) =>
	values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Measures the devices page of a user with 10,000 sessions. */
export async function measureSessions(): Promise<Figure[]> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-'));
	await chmod(dataDir, 0o711);
	const server = await startServer({ DATA_DIR: path.join(dataDir, 'data'), IMMICH_LOG_LEVEL: 'error' });
	try {
		const post = (target: string) =>
			fetch(server.url + target, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(admin)
			});
		await post('/api/auth/admin-sign-up');
		const { accessToken, userId } = Login.parse(await (await post('/api/auth/login')).json());
		await makeSessions(path.join(dataDir, 'data'), userId);
		const time = async (target: string) => {
			const startedAt = performance.now();
			const response = await fetch(server.url + target, { headers: { authorization: `Bearer ${accessToken}` } });
			await response.arrayBuffer();
			if (!response.ok) throw new Error(`GET ${target}: ${response.status}`);
			return performance.now() - startedAt;
		};
		const pages = ['/account/devices', '/account/devices?before=end', `/admin/users/${userId}/sessions`];
		const [ping, all]: [number[], number[]] = [[], []];
		for (const page of pages) await time(page);
		for (let round = 0; round < rounds; round++)
			for (const page of pages) {
				ping.push(await time('/api/server/ping'));
				all.push(await time(page));
			}
		const p95 = quantile(all, 0.95);
		return [
			{
				what: 'Devices page among 10,000 sessions of one person, first and last page, and the administrator’s: p95',
				measured: `${p95.toFixed(0)} ms`,
				against: `${quantile(ping, 0.5).toFixed(1)} ms of a ping`,
				ratio: (p95 / quantile(ping, 0.5)).toFixed(0),
				aim: '< 100 ms'
			}
		];
	} finally {
		await server.stop();
		await rm(dataDir, { recursive: true, force: true });
	}
}

/** Creates a user's sessions on many devices; one in four is a child session. */
export async function makeSessions(dataDir: string, userId: string, count = sessionCount): Promise<void> {
	const database = await openDatabase({ dataDir, migrationsDir: path.resolve('prisma/migrations') });
	await database.pool.query(
		`WITH made AS (
			INSERT INTO session ("userId", "token", "deviceType", "deviceOS", "createdAt", "updatedAt", "parentId")
			SELECT $1::uuid, decode(md5($1::text || n), 'hex'), (ARRAY['Firefox', 'Chrome', 'Safari', ''])[n % 4 + 1],
				(ARRAY['Linux', 'Windows', 'iOS'])[n % 3 + 1], now() - interval '30 days', now() - n * interval '1 minute',
				CASE WHEN n % 4 = 0 THEN (SELECT id FROM session WHERE "userId" = $1::uuid LIMIT 1) END
			FROM generate_series(1, $2::int) AS n RETURNING "id"
		)
		INSERT INTO immich_auth.session_origin ("sessionId", "signInAddress", "lastAddress")
		SELECT "id", '192.0.2.1', '192.0.2.2' FROM made`,
		[userId, count]
	);
	await database.pool.query('ANALYZE session');
	await database.close();
}
