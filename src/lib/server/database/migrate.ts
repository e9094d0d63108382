import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { checkAdoptable, hasImmichTables } from './immich-tables.ts';
import { checksumOf, isUnedited, readMigrationFiles, type MigrationFile } from './migration-files.ts';
import { StartupError } from './startup-error.ts';

/** The key that Prisma's own migration engine locks, so that it and this runner never work at the same time. */
const prismaLockKey = 72_707_369;
const lockTimeoutMs = 60_000;

/** The table as Prisma creates it. */
const createMigrationsTable = `
	CREATE TABLE IF NOT EXISTS public."_prisma_migrations" (
		"id" VARCHAR(36) PRIMARY KEY NOT NULL,
		"checksum" VARCHAR(64) NOT NULL,
		"finished_at" TIMESTAMPTZ,
		"migration_name" VARCHAR(255) NOT NULL,
		"logs" TEXT,
		"rolled_back_at" TIMESTAMPTZ,
		"started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
		"applied_steps_count" INTEGER NOT NULL DEFAULT 0
	)`;

type MigrationRow = {
	migration_name: string;
	checksum: string;
	finished_at: Date | null;
	applied_steps_count: number;
};

export type MigrationReport = {
	/** Names of the migrations that ran just now. */
	applied: string[];
	/** Names of the mirror's migrations that were recorded without being run, because Immich had made the tables. */
	adopted: string[];
};

/**
 * Brings the database to the state of the migrations folder, as `prisma migrate deploy` would, and keeps the same records.
 * Any number of instances may call it at once: one works, the others wait.
 *
 * @param client a connection of its own, since the lock belongs to it
 * @throws StartupError when a migration was edited, failed before, or fails now; whatever came before it stays applied
 */
export async function migrate(
	client: ClientBase,
	migrationsDir: string,
	onProgress: (message: string) => void = () => {}
): Promise<MigrationReport> {
	const files = await readMigrationFiles(migrationsDir);
	await lock(client, onProgress);
	try {
		const recorded = await readRecords(client);
		const tablesAreImmichs = await belongToImmich(client, files, recorded);
		if (tablesAreImmichs) await checkAdoptable(client);
		await client.query(createMigrationsTable);

		const report: MigrationReport = { applied: [], adopted: [] };
		for (const file of files) {
			const record = recorded.get(file.name);
			if (record) {
				if (isUnedited(file, record.checksum)) continue;
				throw new StartupError(
					`Migration ${file.name} was edited after it had been applied. Restore the original file, and put the change into a new migration.`
				);
			}
			if (tablesAreImmichs && file.isMirror) {
				await recordAsApplied(client, file);
				report.adopted.push(file.name);
			} else {
				onProgress(`database: applying ${file.name}`);
				await apply(client, file);
				report.applied.push(file.name);
			}
		}
		return report;
	} finally {
		// A connection that broke has given up the lock by itself.
		await client.query('SELECT pg_advisory_unlock($1)', [prismaLockKey]).catch(() => {});
	}
}

async function lock(client: ClientBase, onProgress: (message: string) => void): Promise<void> {
	const attempt = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [prismaLockKey]);
	if (attempt.rows[0]?.locked) return;
	onProgress('database: waiting for another process that is migrating it');
	try {
		await client.query(`SET lock_timeout = ${String(lockTimeoutMs)}`);
		await client.query('SELECT pg_advisory_lock($1)', [prismaLockKey]);
		await client.query('RESET lock_timeout');
	} catch (cause) {
		throw new StartupError(
			'Another process has been migrating the database for over a minute. Wait for it or stop it, then start again.',
			{ cause }
		);
	}
}

/**
 * Tells whether Immich keeps the mirrored tables itself: they were there before the mirror, now or when it was adopted. Then a
 * later migration of the mirror is Immich's to run as well.
 */
async function belongToImmich(
	client: ClientBase,
	files: MigrationFile[],
	recorded: Map<string, MigrationRow>
): Promise<boolean> {
	const mirrorRecords = files.filter((file) => file.isMirror).flatMap((file) => recorded.get(file.name) ?? []);
	if (mirrorRecords.length === 0) return await hasImmichTables(client);
	return mirrorRecords.some((record) => record.applied_steps_count === 0);
}

async function readRecords(client: ClientBase): Promise<Map<string, MigrationRow>> {
	const exists = await client.query<{ found: boolean }>(
		`SELECT to_regclass('public."_prisma_migrations"') IS NOT NULL AS found`
	);
	if (!exists.rows[0]?.found) return new Map();
	const { rows } = await client.query<MigrationRow>(
		'SELECT migration_name, checksum, finished_at, applied_steps_count FROM public."_prisma_migrations" WHERE rolled_back_at IS NULL'
	);
	const failed = rows.find((row) => row.finished_at === null);
	if (failed) {
		throw new StartupError(
			`Migration ${failed.migration_name} failed halfway earlier. Repair the database, then mark it with "prisma migrate resolve --applied ${failed.migration_name}" or "--rolled-back", and start again.`
		);
	}
	return new Map(rows.map((row) => [row.migration_name, row]));
}

async function apply(client: ClientBase, file: MigrationFile): Promise<void> {
	const startedAt = new Date();
	try {
		await client.query('BEGIN');
		await client.query(file.sql);
		await client.query(
			`INSERT INTO public."_prisma_migrations" (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
			VALUES ($1, $2, clock_timestamp(), $3, $4, 1)`,
			[randomUUID(), checksumOf(file.sql), file.name, startedAt]
		);
		await client.query('COMMIT');
	} catch (cause) {
		await client.query('ROLLBACK').catch(() => {});
		const reason = cause instanceof Error ? cause.message : String(cause);
		throw new StartupError(`Migration ${file.name} failed and was taken back: ${reason}`, { cause });
	}
}

/** Writes the row that `prisma migrate resolve --applied` writes. */
async function recordAsApplied(client: ClientBase, file: MigrationFile): Promise<void> {
	await client.query(
		`INSERT INTO public."_prisma_migrations" (id, checksum, finished_at, migration_name)
		VALUES ($1, $2, clock_timestamp(), $3)`,
		[randomUUID(), checksumOf(file.sql), file.name]
	);
}
