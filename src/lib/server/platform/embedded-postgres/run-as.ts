import { execFileSync, spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import process from 'node:process';
import { StartupError } from '../database/startup-error.ts';

/** The system user that runs PostgreSQL if it isn't the one that runs this process. */
export type RunAs = { uid: number; gid: number };

/** Unprivileged system users that exist by default. */
const accounts = ['nobody', 'postgres', 'daemon'];

/**
 * Chooses the system user for PostgreSQL, which refuses to run as root: the owner of existing data, so that a start
 * with sudo doesn't take the folder from its user, otherwise the first of `accounts` that exists. Undefined means this
 * process's own user.
 * @throws {StartupError} if this process is root and there is no such user
 */
export async function chooseRunAs(data: string): Promise<RunAs | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const owner = await stat(data).catch(() => undefined);
	if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
	const account = accounts.map(findAccount).find((found) => found !== undefined);
	if (account) return account;
	throw new StartupError(
		`PostgreSQL cannot run as root, and this system has no user to run it (${accounts.join(', ')}). Create one of them, start as another user, or set DATABASE_URL.`
	);
}

function findAccount(name: string): RunAs | undefined {
	try {
		const readId = (flag: string) =>
			Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
		return { uid: readId('-u'), gid: readId('-g') };
	} catch {
		return undefined;
	}
}

/**
 * Returns whether `runAs` can enter a folder, which also requires every folder above it. Asks the system, because of
 * ACLs.
 * @throws {StartupError} if this process can't switch to that user
 */
export function canReach(folder: string, runAs: RunAs | undefined): boolean {
	if (!runAs) return true;
	const shell = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...runAs, cwd: '/', stdio: 'ignore' });
	if (!shell.error) return shell.status === 0;
	const code = 'code' in shell.error ? String(shell.error.code) : shell.error.message;
	throw new StartupError(
		`PostgreSQL cannot run as root, and this process may not switch to user ${String(runAs.uid)} (${code}). Start as another user, allow SETUID and SETGID, or set DATABASE_URL.`
	);
}
