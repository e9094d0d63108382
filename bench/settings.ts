import { setTimeout as wait } from 'node:timers/promises';
import path from 'node:path';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { startFreshServer } from '#tests/support/server.ts';
import type { Figure } from './targets.ts';

const requests = 5_000;
const atOnce = 16;
/** PostgreSQL reports its statistics with this delay. */
const statisticsDelayMs = 2_000;
/** An idle startup connection closes after ten seconds, and only then reports its statistics. */
const settledMs = 12_000;

/** Measures what settings cost a request that needs them: database transactions over many such requests. */
export async function measureSettings(): Promise<Figure> {
	const server = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	const database = await openDatabase({ dataDir: server.dataDir, migrationsDir: path.resolve('prisma/migrations') });
	try {
		const transactions = async () => {
			await wait(statisticsDelayMs);
			const { rows } = await database.pool.query<{ count: number }>(
				'SELECT sum(xact_commit + xact_rollback)::int AS count FROM pg_stat_database WHERE datname = current_database()'
			);
			return rows[0]?.count ?? 0;
		};
		const read = async (path: string) => {
			const before = await transactions();
			const startedAt = performance.now();
			for (let count = 0; count < requests; count += atOnce)
				await Promise.all(Array.from({ length: atOnce }, async () => (await fetch(server.url + path)).arrayBuffer()));
			const perSecond = requests / ((performance.now() - startedAt) / 1_000);
			return { transactions: (await transactions()) - before, perSecond };
		};
		await wait(settledMs);
		const [idle, settings] = [await read('/api/server/ping'), await read('/api/public/config')];
		return {
			what: `Transactions of the database during ${String(requests)} requests that answer from the settings`,
			measured: String(settings.transactions),
			against: `${String(idle.transactions)} during as many pings`,
			ratio: (settings.transactions / requests).toFixed(3),
			aim: '≤ 0.05'
		};
	} finally {
		await database.close();
		await server.stop();
	}
}
