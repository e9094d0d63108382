import { randomBytes } from 'node:crypto';
import { chown, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { OpenResources } from '../open-resources.ts';
import { StartupError } from '../database/startup-error.ts';
import type { Home } from './home.ts';
import { runProgram } from './programs.ts';

export type Transport = 'socket' | 'tcp';

type Progress = { onProgress: (message: string) => void; resources: OpenResources };

export const superuser = 'postgres';

const bundledMajor = '18';
const abandonedAfterMs = 10 * 60_000;

/**
 * Creates the data folder if there is none. It is created under a temporary name and then renamed, so that one of two concurrent
 * first starts wins completely, and a killed start leaves nothing half-finished.
 *
 * @throws StartupError if another major version of PostgreSQL created the data
 */
export async function ensureCluster(
	home: Home,
	initdb: string,
	transport: Transport,
	{ onProgress, resources }: Progress
): Promise<void> {
	const major = await readMajor(home);
	if (major === bundledMajor) return;
	if (major !== undefined) {
		throw new StartupError(
			`The database in ${home.data} was made by PostgreSQL ${major}, and this version brings PostgreSQL ${bundledMajor}. Dump it with PostgreSQL ${major} (pg_dump), move that folder away, start again and restore the dump; or serve it with PostgreSQL ${major} and set DATABASE_URL.`
		);
	}
	if (!(await isVacant(home.data))) throw noDatabase(home);
	onProgress('First start: creating the database');
	await removeAbandoned(home);
	const unfinished = path.join(home.root, `init-${String(process.pid)}-${randomBytes(4).toString('hex')}`);
	try {
		await initialize({ home, initdb, transport, resources }, unfinished);
		await rename(unfinished, home.data).catch(async (cause: unknown) => {
			// Not an error if a concurrent first start was faster: its data is just as good.
			if ((await readMajor(home)) !== undefined) return;
			throw noDatabase(home, cause);
		});
	} finally {
		await rm(unfinished, { recursive: true, force: true });
	}
}

/** Returns the password of a TCP server, or undefined if the permissions of its socket's folder protect it. */
export async function readPassword(home: Home): Promise<string | undefined> {
	return await readFile(path.join(home.data, passwordName), 'utf8').catch(() => undefined);
}

const passwordName = 'immich-auth-password';

type First = { home: Home; initdb: string; transport: Transport; resources: OpenResources };

async function initialize({ home, initdb, transport, resources }: First, folder: string): Promise<void> {
	const passwordFile = `${folder}-password`;
	const password = randomBytes(24).toString('base64url');
	const access = transport === 'socket' ? ['-A', 'trust'] : ['-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
	if (transport === 'tcp') await writePrivate(passwordFile, password, home);
	// PostgreSQL's builtin C.UTF-8 sorts and folds case the same on every system; the system's locale only classifies characters.
	const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
	const common = ['-D', folder, '-U', superuser, ...access, ...locale];
	try {
		await runProgram(
			initdb,
			[...common, `--lc-ctype=${process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'}`],
			home,
			resources
		).catch(async () => {
			await rm(folder, { recursive: true, force: true });
			await runProgram(initdb, common, home, resources);
		});
		// Inside the data folder, so that the password and the data appear at the same time.
		if (transport === 'tcp') await writePrivate(path.join(folder, passwordName), password, home);
	} finally {
		await rm(passwordFile, { force: true });
	}
}

async function writePrivate(file: string, text: string, home: Home): Promise<void> {
	await writeFile(file, text, { mode: 0o600 });
	if (home.runAs) await chown(file, home.runAs.uid, home.runAs.gid);
}

/** Whether a new database can be created there. */
async function isVacant(folder: string): Promise<boolean> {
	return await readdir(folder).then(
		(names) => names.length === 0,
		(error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'
	);
}

const noDatabase = (home: Home, cause?: unknown) =>
	new StartupError(
		`The folder ${home.data} is not a complete database of PostgreSQL. Restore it from a backup, or move it away to begin with an empty one.`,
		{ cause }
	);

async function readMajor(home: Home): Promise<string | undefined> {
	return await readFile(path.join(home.data, 'PG_VERSION'), 'utf8').then(
		(text) => {
			const major = text.trim();
			if (!/^\d+(\.\d+)?$/.test(major)) throw noDatabase(home);
			return major;
		},
		(error: unknown) => {
			if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
			throw new StartupError(
				`The database in ${home.data} cannot be read. Start as the user that owns it, or set DATA_DIR to another place.`,
				{ cause: error }
			);
		}
	);
}

async function removeAbandoned(home: Home): Promise<void> {
	const names = (await readdir(home.root)).filter((name) => /^(init|copy)-/.test(name));
	for (const name of names) {
		const folder = path.join(home.root, name);
		const found = await stat(folder).catch(() => undefined);
		if (found && Date.now() - found.mtimeMs > abandonedAfterMs) await rm(folder, { recursive: true, force: true });
	}
}
