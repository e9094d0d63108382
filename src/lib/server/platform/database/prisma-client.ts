import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.ts';
import type { ImmichDatabase } from './immich-tables.ts';

/** Each name is a prepared statement on every connection of the pool, kept by PostgreSQL until the connection ends. */
const maxStatementNames = 500;

/** Opens Prisma on a shared pool; `$disconnect` leaves the pool open. Columns that an older Immich lacks are left out. */
export function createPrismaClient(pool: pg.Pool, immich: ImmichDatabase | null = null): PrismaClient {
	const adapter = new PrismaPg(pool, { statementNameGenerator: nameStatements() });
	const omit = {
		...(immich?.hasClusterGroups === false && { user: { clusterGroupId: true as const } }),
		...(immich?.hasBearerToken === false && { session: { oauthBearerToken: true as const } })
	};
	// The type would name the omitted columns, which depend on the database.
	return new PrismaClient({ adapter, errorFormat: 'minimal', omit }) as unknown as PrismaClient;
}

/** Names the first statements seen, which are the frequent ones; later ones, such as long IN lists, stay unnamed. */
function nameStatements(): (query: { sql: string }) => string {
	const names = new Map<string, string>();
	return ({ sql }) => {
		const known = names.get(sql);
		if (known !== undefined) return known;
		if (names.size >= maxStatementNames) return '';
		const name = `prisma_${String(names.size)}`;
		names.set(sql, name);
		return name;
	};
}
