import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { StartupError } from './startup-error.ts';

export type MigrationFile = {
	name: string;
	sql: string;
	/** Whether it creates tables that Immich creates too. */
	isMirror: boolean;
	/** Whether it creates nothing but indexes on the mirrored tables, which a running Immich's tables don't get. */
	isIndexes: boolean;
};

const mirrorSuffix = '_mirror';
const indexesSuffix = '_indexes';

/**
 * Reads a folder in Prisma's layout, `<timestamp>_<name>/migration.sql`, in the order in which the migrations apply.
 *
 * @throws StartupError if the folder or one of its files can't be read
 */
export async function readMigrationFiles(migrationsDir: string): Promise<MigrationFile[]> {
	try {
		const entries = await readdir(migrationsDir, { withFileTypes: true });
		const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
		return await Promise.all(names.sort().map((name) => readMigrationFile(migrationsDir, name)));
	} catch (cause) {
		throw new StartupError(`The migrations in ${migrationsDir} cannot be read. Install immich-auth again.`, { cause });
	}
}

async function readMigrationFile(migrationsDir: string, name: string): Promise<MigrationFile> {
	const sql = await readFile(path.join(migrationsDir, name, 'migration.sql'), 'utf8');
	return { name, sql, isMirror: name.endsWith(mirrorSuffix), isIndexes: name.endsWith(indexesSuffix) };
}

/** Computes the same checksum as Prisma. */
export function computeChecksum(sql: string): string {
	return createHash('sha256').update(sql).digest('hex');
}

/** Compares checksums like Prisma: converting LF to CRLF on checkout, or back, is not an edit. */
export function isUnedited(file: MigrationFile, recordedChecksum: string): boolean {
	const unix = file.sql.replaceAll('\r\n', '\n');
	return [file.sql, unix, unix.replaceAll('\n', '\r\n')].some((sql) => computeChecksum(sql) === recordedChecksum);
}
