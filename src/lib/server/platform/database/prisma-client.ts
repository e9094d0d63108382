import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.ts';

/** Each name is a prepared statement on every connection of the pool, kept by PostgreSQL until the connection ends. */
const maxStatementNames = 500;

/** Opens Prisma on a shared pool; `$disconnect` leaves the pool open. */
export function createPrismaClient(pool: pg.Pool): PrismaClient {
	const adapter = new PrismaPg(pool, { statementNameGenerator: nameStatements() });
	return new PrismaClient({ adapter, errorFormat: 'minimal' });
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
