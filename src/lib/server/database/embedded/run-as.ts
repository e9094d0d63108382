import { execFileSync, spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import process from 'node:process';
import { StartupError } from '../startup-error.ts';

/** The account that runs PostgreSQL when it is not the one that runs this process. */
export type RunAs = { uid: number; gid: number };

/**
 * Chooses the account for PostgreSQL, which refuses to run as root: the owner of the data where there is some, so that a start
 * with sudo does not take the folder from its user, or else `nobody`. Undefined means this process's own account.
 */
export async function chooseRunAs(data: string): Promise<RunAs | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const owner = await stat(data).catch(() => undefined);
	if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
	try {
		const idOf = (flag: string) =>
			Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
		return { uid: idOf('-u'), gid: idOf('-g') };
	} catch (cause) {
		throw new StartupError(
			'PostgreSQL cannot run as root, and this system has no user "nobody". Start as another user, or set DATABASE_URL.',
			{ cause }
		);
	}
}

/** Tells whether that account can enter a folder, which also takes every folder above it. Asks the system, because of ACLs. */
export function canReach(folder: string, runAs: RunAs | undefined): boolean {
	if (!runAs) return true;
	return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...runAs, cwd: '/', stdio: 'ignore' }).status === 0;
}
