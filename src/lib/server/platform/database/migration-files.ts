import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { StartupError } from './startup-error.ts';

export type MigrationFile = {
	name: string;
	sql: string;
	/** Whether it makes tables that Immich makes too. */
	isMirror: boolean;
};

const mirrorSuffix = '_mirror';

/**
 * Reads a folder laid out as Prisma's, `<timestamp>_<name>/migration.sql`, in the order in which they apply.
 *
 * @throws StartupError when the folder or one of its files cannot be read
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
	return { name, sql, isMirror: name.endsWith(mirrorSuffix) };
}

/** Computes the checksum that Prisma writes. */
export function checksumOf(sql: string): string {
	return createHash('sha256').update(sql).digest('hex');
}

/** Compares as Prisma does: a checkout that turned LF into CRLF, or back, is no edit. */
export function isUnedited(file: MigrationFile, recordedChecksum: string): boolean {
	const unix = file.sql.replaceAll('\r\n', '\n');
	return [file.sql, unix, unix.replaceAll('\n', '\r\n')].some((sql) => checksumOf(sql) === recordedChecksum);
}
