import { randomUUID } from 'node:crypto';
import pg, { type ClientBase } from 'pg';
import { settingsQuery } from './client.ts';
import { adviceAfterFailure, checkSchemas, refuseForeignTables, requireRights } from './foreign-objects.ts';
import { hasImmichTables, readImmichDatabase, type ImmichDatabase } from './immich-tables.ts';
import { dropObstacles, makeTriggers, sweepOrphans } from './immich-triggers.ts';
import { computeChecksum, isUnedited, readMigrationFiles, type MigrationFile } from './migration-files.ts';
import { lockMigrations, tryLockMigrations } from './migration-lock.ts';
import { claimRecords, readRecords, recordsTable, type MigrationRow } from './migration-records.ts';
import { StartupError } from './startup-error.ts';

const lockTimeoutMs = 60_000;

export type MigrationReport = {
	/** Names of the migrations that this call ran. */
	applied: string[];
	/** Names of the mirror's migrations that were recorded without running, because Immich had already created the tables. */
	adopted: string[];
	/** A running Immich's database, which the server is attached to; null if the database is the server's own. */
	immich: ImmichDatabase | null;
};

/**
 * Applies pending migrations like `prisma migrate deploy`, and keeps the same records. Any number of instances can call it
 * concurrently: one runs, the others wait. Everything runs in one transaction, so that a failure leaves the database unchanged
 * and a pooler can't spread it over several connections.
 *
 * @throws StartupError if a migration was edited, failed before or fails now, or if the database belongs to another program
 */
export async function migrate(
	client: ClientBase,
	migrationsDir: string,
	onProgress: (message: string) => void = () => {}
): Promise<MigrationReport> {
	const files = await readMigrationFiles(migrationsDir);
	// Read committed, so that an instance sees what was committed while it waited. One message, so that no timeout comes between.
	await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; ${settingsQuery('transaction ends')}`);
	try {
		await lock(client, onProgress);
		const report = await applyPending(client, files, onProgress);
		await client.query('COMMIT');
		return report;
	} catch (error) {
		// The server has already rolled back a broken connection.
		await client.query('ROLLBACK').catch(() => {});
		throw error;
	}
}

export interface MigrationState {
	/** Migrations that have not been applied. */
	readonly pending: readonly string[];
	/** Applied migrations that a newer version has and this one lacks. */
	readonly unknown: readonly string[];
	/** Whether none of ours has ever been applied. */
	readonly isNew: boolean;
	/** As in `MigrationReport`. */
	readonly immich: ImmichDatabase | null;
}

/**
 * Compares the database with the migrations of this version, without changing anything.
 *
 * @throws StartupError if a migration failed before, or if the database belongs to another program
 */
export async function readMigrationState(client: ClientBase, migrationsDir: string): Promise<MigrationState> {
	const files = await readMigrationFiles(migrationsDir);
	const recorded = await readRecords(client, files);
	const known = new Set(files.map(({ name }) => name));
	const isRecorded = files.some(({ name, isMirror }) => !isMirror && recorded.has(name));
	await checkSchemas(client, isRecorded);
	const isImmichs = await belongToImmich(client, files, recorded);
	if (!isImmichs && recorded.size === 0) await refuseForeignTables(client);
	return {
		immich: isImmichs ? await readImmichDatabase(client) : null,
		pending: files.filter(({ name }) => !recorded.has(name)).map(({ name }) => name),
		unknown: [...recorded.keys()].filter((name) => !known.has(name)),
		isNew: !isRecorded
	};
}

/**
 * Refuses a database that another version would have to migrate, or has migrated: for programs beside the server.
 *
 * @throws StartupError that says what to do
 */
export async function requireMigrated(client: ClientBase, migrationsDir: string): Promise<ImmichDatabase | null> {
	const { pending, unknown, isNew, immich } = await readMigrationState(client, migrationsDir);
	const [first] = unknown;
	if (first !== undefined)
		throw new StartupError(
			`The database has been used by a newer version of immich-auth (migration ${first}). Run this command with that version.`
		);
	if (isNew)
		throw new StartupError(
			'The database has no tables of immich-auth. Check DATABASE_URL; for a new database, start the server once or run immich-admin migrate.'
		);
	if (pending.length > 0)
		throw new StartupError(
			`The database lacks ${String(pending.length)} migrations of this version. Start this version of the server, or run immich-admin migrate.`
		);
	return immich;
}

async function applyPending(
	client: ClientBase,
	files: MigrationFile[],
	onProgress: (message: string) => void
): Promise<MigrationReport> {
	const recorded = await readRecords(client, files);
	const isRecorded = files.some((file) => !file.isMirror && recorded.has(file.name));
	await checkSchemas(client, isRecorded);
	const tablesAreImmichs = await belongToImmich(client, files, recorded);
	const immich = tablesAreImmichs ? await readImmichDatabase(client) : null;
	if (immich) await requireRights(client);
	else if (recorded.size === 0) await refuseForeignTables(client);
	await claimRecords(client);

	const isAdopted = ({ isMirror, isIndexes }: MigrationFile) => tablesAreImmichs && (isMirror || isIndexes);
	const pending = files.filter((file) => !recorded.has(file.name) && !isAdopted(file));
	if (pending.length > 0) onProgress(recorded.size === 0 ? 'Creating the database tables' : 'Updating the database');
	const report: MigrationReport = { applied: [], adopted: [], immich };
	for (const file of files) {
		const record = recorded.get(file.name);
		if (record) {
			if (isUnedited(file, record.checksum)) continue;
			throw new StartupError(
				`Migration ${file.name} was edited after it had been applied. Restore the original file, and put the change into a new migration.`
			);
		}
		if (isAdopted(file)) {
			await recordAsApplied(client, file);
			report.adopted.push(file.name);
		} else {
			await apply(client, file);
			report.applied.push(file.name);
		}
	}
	if (immich) {
		await dropObstacles(client);
		await sweepOrphans(client);
	}
	await makeTriggers(client, immich !== null);
	return report;
}

/** Takes the migration lock until the transaction ends. */
async function lock(client: ClientBase, onProgress: (message: string) => void): Promise<void> {
	if (await tryLockMigrations(client)) return;
	onProgress('Another process is updating the database; waiting for it');
	try {
		await client.query(`SET LOCAL lock_timeout = ${String(lockTimeoutMs)}`);
		await lockMigrations(client);
		await client.query('SET LOCAL lock_timeout = 0');
	} catch (cause) {
		throw new StartupError(
			'Another process has been migrating the database for over a minute. Wait for it or stop it, then start again.',
			{ cause }
		);
	}
}

/**
 * Returns whether Immich manages the mirrored tables: they existed before the mirror, now or when it was adopted. If so, Immich
 * also runs the changes of later mirror migrations.
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

async function apply(client: ClientBase, file: MigrationFile): Promise<void> {
	const startedAt = new Date();
	try {
		await client.query(file.sql);
		await client.query(
			`INSERT INTO ${recordsTable} (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
			VALUES ($1, $2, clock_timestamp(), $3, $4, 1)`,
			[randomUUID(), computeChecksum(file.sql), file.name, startedAt]
		);
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		const advice = adviceAfterFailure(cause instanceof pg.DatabaseError ? cause.code : undefined);
		throw new StartupError(
			`Migration ${file.name} failed, and nothing was changed: ${reason}${advice && `.${advice}`}`,
			{
				cause
			}
		);
	}
}

/** Writes the same row as `prisma migrate resolve --applied`. */
async function recordAsApplied(client: ClientBase, file: MigrationFile): Promise<void> {
	await client.query(
		`INSERT INTO ${recordsTable} (id, checksum, finished_at, migration_name)
		VALUES ($1, $2, clock_timestamp(), $3)`,
		[randomUUID(), computeChecksum(file.sql), file.name]
	);
}
