import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { codeOf, fileError } from './errors.ts';
import { basePath, makeFolder, profilePath, requireWritable } from './folders.ts';
import { readJson, writeJson } from './json-file.ts';

/** What ends a maintenance that was started here; no other credential can. */
const KeptToken = z.object({ server_url: z.string(), token: z.string() });

/** The folder of the profile, or that of everything for a credential of the environment. */
const folderOf = (profile: string | null): string => (profile === null ? basePath() : profilePath(profile));
const fileOf = (profile: string | null): string => path.join(folderOf(profile), 'maintenance.json');

/**
 * Checks before a maintenance starts that its token can be kept.
 * @throws {SessionFileError} if it can't
 */
export const requireKeepable = (profile: string | null): Promise<void> => requireWritable(folderOf(profile));

/**
 * Keeps the token of a server's maintenance.
 * @throws {SessionFileError} if it can't be written
 */
export async function keepToken(profile: string | null, serverUrl: string, token: string): Promise<void> {
	await makeFolder(folderOf(profile));
	await writeJson(fileOf(profile), { server_url: serverUrl, token });
}

/**
 * The token that is kept for a server; null if there is none.
 * @throws {SessionFileError} if the file can't be read or isn't JSON
 */
export async function findToken(profile: string | null, serverUrl: string): Promise<string | null> {
	const { data } = KeptToken.safeParse(await readJson(fileOf(profile)));
	return data?.server_url === serverUrl ? data.token : null;
}

/**
 * Forgets the token; returns whether there was one.
 * @throws {SessionFileError} if the file can't be removed
 */
export async function forgetToken(profile: string | null): Promise<boolean> {
	const file = fileOf(profile);
	return rm(file).then(
		() => true,
		(error: unknown) => {
			if (codeOf(error) === 'ENOENT') return false;
			throw fileError(file, 'removed', error);
		}
	);
}
