import type { Pool } from 'pg';
import type { Connection } from '#lib/server/platform/database/store.ts';

export interface DatabaseFacts {
	readonly version: string;
	readonly sizeBytes: number;
	readonly connections: number;
	readonly maxConnections: number;
}

export interface VersionRow {
	readonly id: string;
	readonly createdAt: Date;
	readonly version: string;
}

const factsQuery = `
	SELECT current_setting('server_version') AS "version", pg_database_size(current_database())::float8 AS "sizeBytes",
		(SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()) AS "connections",
		current_setting('max_connections')::int AS "maxConnections"`;

/** The database's own information, and the history of server versions. */
export class ServerRepository {
	readonly #pool: Pool;

	constructor({ pool }: Pick<Connection, 'pool'>) {
		this.#pool = pool;
	}

	/** Rejects if the database doesn't respond. */
	async ping(): Promise<void> {
		await this.#pool.query('SELECT 1');
	}

	/** Returns PostgreSQL’s version, the database’s size in bytes and its connections. */
	async facts(): Promise<DatabaseFacts> {
		const { rows } = await this.#pool.query<DatabaseFacts>(factsQuery);
		return rows[0] ?? { version: '', sizeBytes: 0, connections: 0, maxConnections: 0 };
	}

	/** Records the first start of a version. */
	async noteVersion(version: string): Promise<void> {
		await this.#pool.query('INSERT INTO immich_auth.version_history ("version") VALUES ($1) ON CONFLICT DO NOTHING', [
			version
		]);
	}

	/** Lists versions, newest first. */
	async listVersions(limit: number): Promise<VersionRow[]> {
		const text =
			'SELECT "id", "createdAt", "version" FROM immich_auth.version_history ORDER BY "createdAt" DESC LIMIT $1';
		return (await this.#pool.query<VersionRow>(text, [limit])).rows;
	}

	/** Counts all sessions, including those past an age limit. */
	async countSessions(): Promise<number> {
		const { rows } = await this.#pool.query<{ count: number }>('SELECT count(*)::int AS "count" FROM "session"');
		return rows[0]?.count ?? 0;
	}
}
