import { randomUUID } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openPool, type Database } from '#lib/server/platform/database/database.ts';
import { createPrismaClient } from '#lib/server/platform/database/prisma-client.ts';
import { migratedTemplate } from './postgres-setup.ts';

export type TestDatabase = Database & {
	/** The server's DATABASE_URL. */
	url: string;
	/** Deletes all rows, for the next test of the same file. */
	reset: () => Promise<void>;
};

export const migrationsDir = path.resolve(import.meta.dirname, '../../prisma/migrations');

const maxConnections = 5;

/** Creates a migrated, empty database, one per test file: `close` drops it. */
export async function createTestDatabase(): Promise<TestDatabase> {
	return await createDatabase(migratedTemplate);
}

/** Creates a database without our tables. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
	return await createDatabase('template0');
}

async function createDatabase(template: string): Promise<TestDatabase> {
	const name = `test_${randomUUID().replaceAll('-', '')}`;
	await runOnServer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
	const connection = { ...inject('postgres'), database: name };
	const pool = openPool(connection, maxConnections, () => {});
	const prisma = createPrismaClient(pool);
	return {
		pool,
		prisma,
		connection,
		isEmbedded: false,
		pooling: 'session',
		migrated: { applied: [], adopted: [], immich: null },
		immich: null,
		url: buildUrl(connection),
		reset: () => deleteAllRows(pool),
		close: async () => {
			await prisma.$disconnect();
			await pool.end();
			await runOnServer(`DROP DATABASE ${name} WITH (FORCE)`);
		}
	};
}

async function runOnServer(sql: string): Promise<void> {
	const client = new pg.Client(inject('postgres'));
	await client.connect();
	try {
		await client.query(sql);
	} finally {
		await client.end();
	}
}

/**
 * The replica role skips foreign keys and triggers, so that the tables can be deleted in any order and no audit rows
 * appear.
 */
async function deleteAllRows(pool: pg.Pool): Promise<void> {
	const { rows } = await pool.query<{ name: string }>(
		`SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
		WHERE schemaname IN ('public', 'immich_auth') AND tablename <> '_prisma_migrations'`
	);
	const deletions = rows.map(({ name }) => `DELETE FROM ${name};`).join(' ');
	await pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${deletions} COMMIT;`);
}

function buildUrl(connection: {
	host: string;
	port: number;
	user: string;
	password?: string;
	database: string;
}): string {
	const url = new URL(`postgresql://localhost/${connection.database}`);
	url.username = connection.user;
	if (connection.password !== undefined) url.password = connection.password;
	url.searchParams.set('host', connection.host);
	url.searchParams.set('port', String(connection.port));
	return url.href;
}
