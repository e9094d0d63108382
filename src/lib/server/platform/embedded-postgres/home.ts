import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { StartupError } from '../database/startup-error.ts';
import { canReach, chooseRunAs, type RunAs } from './run-as.ts';

export type Home = {
	/** The root folder of the embedded server. */
	root: string;
	/** PostgreSQL's data folder. */
	data: string;
	/** The folder of its Unix socket. */
	run: string;
	/** PostgreSQL's log. */
	logFile: string;
	runAs: RunAs | undefined;
};

/** A Unix socket's path is limited to 107 bytes on Linux and 103 on macOS. */
const maxSocketPathBytes = 103;
const fallbackParent = '/var/lib/immich-auth';
const rootName = 'postgres';
const pointerName = 'database-is-at';

/**
 * Creates the embedded server's folders and returns their paths: below `dataDir`, unless this process is root and the system user
 * for PostgreSQL can't get there (a checkout in root's home). Then a file in `dataDir` names the folder used instead.
 *
 * @throws StartupError if no folder is writable
 */
export async function prepareHome(dataDir: string, onProgress: (message: string) => void): Promise<Home> {
	try {
		const isRoot = process.getuid?.() === 0;
		const isNew = await makeFolder(dataDir, isRoot ? 0o711 : 0o700);
		// Root's umask can be strict, but `nobody` has to pass through; it can neither list nor read the folder.
		if (isNew && isRoot) await chmod(dataDir, 0o711).catch(() => {});
		const root = await chooseRoot(dataDir, onProgress);
		const data = path.join(root, 'data');
		const runAs = await chooseRunAs(data);
		await makePrivate(root, runAs);
		const run = await chooseRunFolder(root, runAs);
		return { root, data, run, logFile: path.join(root, 'postgres.log'), runAs };
	} catch (error) {
		throw describeFolderError(error, dataDir);
	}
}

/** Whether `dataDir` has, or names, an embedded database; true also if that can't be read. */
export async function hasEmbeddedData(dataDir: string): Promise<boolean> {
	const files = [path.join(dataDir, pointerName), path.join(dataDir, rootName, 'data', 'PG_VERSION')];
	const found = await Promise.all(
		files.map((file) =>
			stat(file).then(
				() => true,
				(error: unknown) => !hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR')
			)
		)
	);
	return found.includes(true);
}

async function chooseRoot(dataDir: string, onProgress: (message: string) => void): Promise<string> {
	const pointer = path.join(dataDir, pointerName);
	const elsewhere = (await readFile(pointer, 'utf8').catch(() => '')).trim();
	if (elsewhere) return await checkPointer(pointer, elsewhere);
	const inside = path.join(dataDir, rootName);
	const runAs = await chooseRunAs(path.join(inside, 'data'));
	if (canReach(dataDir, runAs)) return inside;

	const fallback = path.join(fallbackParent, shortHash(dataDir));
	const exists = await makeFolder(fallbackParent, 0o711).then(
		() => true,
		() => false
	);
	if (!exists || !canReach(fallbackParent, runAs)) {
		throw new StartupError(
			`PostgreSQL cannot run as root, and neither ${dataDir} nor ${fallbackParent} can be entered by another user. Set DATA_DIR to a folder that others may enter, start as another user, or set DATABASE_URL.`
		);
	}
	await writeFile(pointer, fallback + '\n');
	onProgress(`database: kept in ${fallback}, because PostgreSQL cannot run as root and others cannot enter ${dataDir}`);
	return fallback;
}

/**
 * Returns the folder that `pointer` names.
 * @throws {StartupError} if it is missing: a copy of `dataDir` alone would otherwise start a new and empty server
 */
async function checkPointer(pointer: string, folder: string): Promise<string> {
	const found = await stat(folder).catch(() => undefined);
	if (found?.isDirectory()) return folder;
	throw new StartupError(
		`According to ${pointer}, the database is in ${folder}, but there is no such folder. Restore it, or remove that file to begin with an empty database.`
	);
}

async function chooseRunFolder(root: string, runAs: RunAs | undefined): Promise<string> {
	const inside = path.join(root, 'run');
	const outside = `immich-auth-${shortHash(root)}`;
	const places = [inside, path.join(os.tmpdir(), outside), path.join('/tmp', outside)];
	const run = places.find((folder) => Buffer.byteLength(path.join(folder, '.s.PGSQL.5432')) <= maxSocketPathBytes);
	if (run === undefined)
		throw new StartupError(
			`The names of ${root} and of the temporary folder are too long. Set DATA_DIR to a shorter one.`
		);
	await makePrivate(run, runAs);
	return run;
}

/** Other errors mean that the disk doesn't support owners or modes, which is checked afterwards. */
function throwIfReadOnly(error: unknown): void {
	if (hasCode(error, 'EROFS')) throw error;
}

/**
 * Creates a folder that only `runAs` can enter.
 * @throws {StartupError} if it belongs to another system user
 */
async function makePrivate(folder: string, runAs: RunAs | undefined): Promise<void> {
	await makeFolder(folder, 0o700);
	// The root folder can be a link to a disk of the operator's choice; elsewhere anyone might have planted a link.
	const found = path.basename(folder) === rootName ? await stat(folder) : await lstat(folder);
	const ownUid = process.getuid?.();
	const wantedUid = runAs?.uid ?? ownUid;
	if (wantedUid === undefined) return;
	const mayTakeOver = ownUid === 0 && path.basename(folder) === rootName;
	if (!found.isDirectory() || (found.uid !== wantedUid && found.uid !== ownUid && !mayTakeOver)) {
		throw new StartupError(
			`The folder ${folder} belongs to user ${String(found.uid)}. Start as that user or as root, give the folder to user ${String(wantedUid)} (chown -R), or set DATA_DIR to another place.`
		);
	}
	if (found.uid === wantedUid && (found.mode & 0o777) === 0o700) return;
	if (runAs && found.uid !== runAs.uid) await chown(folder, runAs.uid, runAs.gid).catch(throwIfReadOnly);
	await chmod(folder, 0o700).catch(throwIfReadOnly);
	const { uid, mode } = await stat(folder);
	if ((!runAs || uid === runAs.uid) && (mode & 0o777) === 0o700) return;
	throw new StartupError(
		`The folder ${folder} must be open to its owner alone, and its owner and mode cannot be changed, as on exFAT, SMB or 9p. PostgreSQL does not run there: set DATA_DIR to a folder on another disk, or set DATABASE_URL.`
	);
}

/**
 * Creates a folder and its parents, and returns whether it is new. Node's recursive mkdir never returns if the system answers
 * ENOENT to every attempt, as /proc does.
 */
async function makeFolder(folder: string, mode: number): Promise<boolean> {
	try {
		await mkdir(folder, mode);
		return true;
	} catch (error) {
		if (hasCode(error, 'EEXIST') && (await stat(folder)).isDirectory()) return false;
		const parent = path.dirname(folder);
		if (!hasCode(error, 'ENOENT') || parent === folder) throw error;
		await makeFolder(parent, mode);
		await mkdir(folder, mode).catch((again: unknown) => {
			if (!hasCode(again, 'EEXIST')) throw again;
		});
		return true;
	}
}

function hasCode(error: unknown, code: string): boolean {
	return error instanceof Error && 'code' in error && error.code === code;
}

function shortHash(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function describeFolderError(error: unknown, dataDir: string): unknown {
	if (error instanceof StartupError || !(error instanceof Error) || !('code' in error)) return error;
	return new StartupError(
		`The data folder ${dataDir} cannot be written (${String(error.code)}). Make it writable for the user that starts immich-auth, or set DATA_DIR to another place.`,
		{ cause: error }
	);
}
