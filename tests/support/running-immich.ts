import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { hashSync } from '@node-rs/bcrypt';
import pg from 'pg';
import { migrationsDir } from './database.ts';
import type { DebianPostgres } from './debian-postgres.ts';

export type ImmichVersion = '3.0' | '3.1' | '3.2';

/** How a version's tables differ from the mirror, which has those of 3.1 and the token of 3.2. */
const differences: Readonly<Record<ImmichVersion, string>> = {
	'3.0': `ALTER TABLE "user" DROP COLUMN "clusterGroupId"; DROP TABLE cluster_group;
		ALTER TABLE "session" DROP COLUMN "oauthBearerToken";
		ALTER TABLE "user" ALTER COLUMN "password" SET DEFAULT '', ALTER COLUMN "password" SET NOT NULL`,
	'3.1': `ALTER TABLE "session" DROP COLUMN "oauthBearerToken"`,
	'3.2': `ALTER TABLE cluster_group ADD COLUMN "name" varchar NOT NULL`
};

/** What Immich has beside the mirrored tables, as far as it matters. */
const ownTables = (version: ImmichVersion) => `
	CREATE TABLE kysely_migrations (name varchar PRIMARY KEY, timestamp varchar NOT NULL);
	CREATE TABLE version_history (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), "createdAt" timestamptz NOT NULL DEFAULT now(),
		version varchar NOT NULL);
	INSERT INTO version_history (version) VALUES ('${version}.3');
	CREATE TABLE tag (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), "userId" uuid NOT NULL REFERENCES "user" (id), value varchar);`;

/** The password of every user. */
export const immichPassword = 'correct horse battery staple';
const passwordHash = hashSync(immichPassword, 4).replace('$2y$', '$2b$');

/** Returns a token or key as Immich generates it. */
const opaque = () => randomBytes(32).toString('base64').replace(/\W/g, '');
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** A stand-in for a running Immich, with its database and how it backs that up and restores it. */
export class RunningImmich {
	readonly url: string;
	readonly pool: pg.Pool;
	readonly version: ImmichVersion;
	readonly #postgres: DebianPostgres;

	private constructor(postgres: DebianPostgres, url: string, version: ImmichVersion) {
		this.#postgres = postgres;
		this.url = url;
		this.version = version;
		this.pool = new pg.Pool({ connectionString: url, max: 3 });
		// Its own restore ends its connections.
		this.pool.on('error', () => undefined);
	}

	/** Creates its database. */
	static async create(postgres: DebianPostgres, version: ImmichVersion): Promise<RunningImmich> {
		const url = await postgres.createDatabase(`immich_${randomBytes(6).toString('hex')}`);
		const immich = new RunningImmich(postgres, url, version);
		const names = (await readdir(migrationsDir)).filter((name) => name.endsWith('_mirror')).sort();
		for (const name of names)
			await immich.pool.query(await readFile(path.join(migrationsDir, name, 'migration.sql'), 'utf8'));
		await immich.pool.query(`${differences[version]}; ${ownTables(version)}`);
		return immich;
	}

	/** Creates users; the first is an admin. Returns their IDs. */
	async addUsers(count: number): Promise<string[]> {
		const fields = `'user' || n || '@example.org', 'User ' || n, n = 1, $1, false`;
		const group = this.version === '3.0' ? null : await this.#addGroup();
		const { rows } = await this.pool.query<{ id: string }>(
			`INSERT INTO "user" ("email", "name", "isAdmin", "password", "shouldChangePassword"${group ? ', "clusterGroupId"' : ''})
			SELECT ${fields}${group ? `, '${group}'` : ''} FROM generate_series(1, $2::int) AS n RETURNING id`,
			[passwordHash, count]
		);
		return rows.map(({ id }) => id);
	}

	async #addGroup(): Promise<string> {
		const values = this.version === '3.2' ? `("name") VALUES ('group')` : 'DEFAULT VALUES';
		const { rows } = await this.pool.query<{ id: string }>(`INSERT INTO cluster_group ${values} RETURNING id`);
		return rows[0]?.id ?? '';
	}

	/** Signs users in, in order and again from the first; returns the tokens, of which only the hashes are stored. */
	async addSessions(userIds: readonly string[], count: number): Promise<string[]> {
		const tokens = Array.from({ length: count }, opaque);
		await this.pool.query(
			`INSERT INTO "session" ("userId", "token", "deviceType", "deviceOS")
			SELECT ($1::uuid[])[1 + (n - 1) % $3::int], hash, 'Chrome', 'Android'
			FROM unnest($2::bytea[]) WITH ORDINALITY AS given(hash, n)`,
			[userIds, tokens.map(sha256), userIds.length]
		);
		return tokens;
	}

	/** Whether Immich accepts a session's token. */
	async isSignedIn(token: string): Promise<boolean> {
		const { rowCount } = await this.pool.query(`SELECT FROM "session" WHERE "token" = $1`, [sha256(token)]);
		return rowCount === 1;
	}

	/** Its backup of the whole database. */
	backUp(): Promise<string> {
		return this.#postgres.dump(this.url, '--clean', '--if-exists');
	}

	/** Its restore: ends all other connections, drops its schema, and runs the backup in one transaction. */
	async restore(backup: string): Promise<void> {
		await this.pool.query(
			'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'
		);
		const start = 'DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;\n';
		await this.#postgres.restore(this.url, start + backup);
	}

	/** The definitions and rows of its schema. */
	dumpPublic(): Promise<string> {
		return this.#postgres.dump(this.url, '--schema=public').then(withoutNonces);
	}

	close(): Promise<void> {
		return this.pool.end();
	}
}

/** Newer versions of pg_dump put a random key into every dump. */
const withoutNonces = (dump: string): string => dump.replaceAll(/^\\(un)?restrict .*$/gm, '');
