import path from 'node:path';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { makeCrowd } from '../../support/crowd.ts';
import type { Seed } from './accounts.ts';
import type { FreshServer } from '../../support/server.ts';

const filled = new WeakMap<Seed, Promise<void>>();

/** Fills a test server's database with this many users, once; the first admin is created before. */
export function getCrowd(seed: Seed, { dataDir }: FreshServer, count: number): Promise<void> {
	const filling = filled.get(seed) ?? fill(dataDir, count);
	filled.set(seed, filling);
	return filling;
}

async function fill(dataDir: string, count: number): Promise<void> {
	const database = await openDatabase({ dataDir, migrationsDir: path.resolve('prisma/migrations') });
	await makeCrowd(database.pool, count);
	await database.close();
}
