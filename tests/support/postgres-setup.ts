import { rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres, type EmbeddedConnection } from '#lib/server/platform/embedded-postgres/index.ts';
import { migrate } from '#lib/server/platform/database/migrate.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** The test server, at its maintenance database. */
		postgres: EmbeddedConnection;
	}
}

type TestServer = { connection: EmbeddedConnection; stop: () => Promise<void> };

declare global {
	// Vitest loads this file once per project, and all projects share one server.
	var testPostgres: { server: Promise<TestServer>; users: number } | undefined;
}

export const migratedTemplate = 'migrated_template';

/** Trades safety for speed: the data is thrown away, so nothing has to reach the disk. Never for real data. */
const unsafeSettings = {
	fsync: 'off',
	synchronous_commit: 'off',
	full_page_writes: 'off',
	autovacuum: 'off',
	max_connections: '300'
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const shared = (globalThis.testPostgres ??= { server: startTestServer(), users: 0 });
	shared.users += 1;
	project.provide('postgres', (await shared.server).connection);
	return async () => {
		shared.users -= 1;
		if (shared.users > 0) return;
		globalThis.testPostgres = undefined;
		await (await shared.server).stop();
	};
}

async function startTestServer(): Promise<TestServer> {
	const dataDir = path.join(os.tmpdir(), `immich-auth-test-${randomUUID()}`);
	const flags = Object.entries(unsafeSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	const embedded = await startEmbeddedPostgres({ dataDir, flags });
	const connection = { ...embedded.connection, database: 'postgres' };
	await makeTemplate(connection);
	return {
		connection,
		stop: async () => {
			await embedded.stop();
			await rm(dataDir, { recursive: true, force: true });
		}
	};
}

async function makeTemplate(connection: EmbeddedConnection): Promise<void> {
	await withClient(connection, (client) => client.query(`CREATE DATABASE ${migratedTemplate}`));
	const migrationsDir = path.resolve(import.meta.dirname, '../../prisma/migrations');
	await withClient({ ...connection, database: migratedTemplate }, (client) => migrate(client, migrationsDir));
	// A database in use cannot be copied.
	await withClient(connection, (client) => client.query(`ALTER DATABASE ${migratedTemplate} ALLOW_CONNECTIONS false`));
}

async function withClient(
	connection: EmbeddedConnection,
	work: (client: pg.Client) => Promise<unknown>
): Promise<void> {
	const client = new pg.Client(connection);
	await client.connect();
	try {
		await work(client);
	} finally {
		await client.end();
	}
}
