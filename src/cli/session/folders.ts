import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { codeOf, fileError, ProfileNameError } from './errors.ts';

/** Where everything is, whether it exists or not. */
export const basePath = (): string =>
	process.env['IMMICH_CONFIG_DIR']
		? path.resolve(process.env['IMMICH_CONFIG_DIR'])
		: path.join(homedir(), '.config/immich');

export const configFile = (): string => path.join(basePath(), 'config.json');
export const profilesPath = (): string => path.join(basePath(), 'profiles');

/** What file systems allow. */
const maxNameBytes = 255;

/** Returns why a text can't be the name of a profile; null if it can. */
export function profileNameIssue(name: string): string | null {
	if (name === '') return 'A profile name must not be empty';
	if (name === '.' || name === '..') return `"${name}" is not a profile name`;
	if (/[/\\\0]/.test(name)) return 'A profile name must not contain "/", "\\" or NUL';
	if (Buffer.byteLength(name) > maxNameBytes) return `A profile name must have at most ${maxNameBytes} bytes`;
	// Written to disk, it would become another name.
	if (!name.isWellFormed()) return 'A profile name must not contain incomplete characters';
	return null;
}

/**
 * The folder of a profile, whether it exists or not.
 * @throws {ProfileNameError} if the name would leave the folder of profiles
 */
export function profilePath(profile: string): string {
	const issue = profileNameIssue(profile);
	if (issue !== null) throw new ProfileNameError(issue);
	return path.join(profilesPath(), profile);
}

/**
 * The session file of a profile, whether it exists or not.
 * @throws {ProfileNameError} if the name would leave the folder of profiles
 */
export const sessionFile = (profile: string): string => path.join(profilePath(profile), 'session.json');

/**
 * Creates a folder and its parents, which only their owner may enter.
 * @throws {SessionFileError} if that is not possible
 */
export async function makeFolder(folder: string): Promise<string> {
	try {
		await mkdir(folder, { recursive: true, mode: 0o700 });
	} catch (error) {
		// On a read-only file system, mkdir says of a folder whose parent is missing too that it doesn't exist.
		if (codeOf(error) === 'ENOENT') await requireWritable(path.dirname(folder));
		throw fileError(folder, 'created', error);
	}
	return folder;
}

/**
 * Checks that files can be created in a folder, which need not exist yet.
 * @throws {SessionFileError} if they can't
 */
export async function requireWritable(folder: string): Promise<void> {
	for (let at = folder; ; at = path.dirname(at)) {
		try {
			return await access(at, constants.W_OK | constants.X_OK);
		} catch (error) {
			if (codeOf(error) !== 'ENOENT' || at === path.dirname(at)) throw fileError(at, 'written', error);
		}
	}
}
