import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { describeIssues, sessionCodec, type Session } from './codec.ts';
import { codeOf, fileError, SessionFileError } from './errors.ts';
import {
	basePath,
	configFile,
	makeFolder,
	profileNameIssue,
	profilePath,
	profilesPath,
	sessionFile
} from './folders.ts';
import { readJson, writeJson } from './json-file.ts';

export const DEFAULT_PROFILE = 'default';

const Config = z.object({
	current_profile: z
		.string()
		.refine((name) => profileNameIssue(name) === null, { error: 'Not a profile name' })
		.optional()
});

/**
 * The name of the current profile in `config.json`; null if none is set there.
 * @throws {SessionFileError} if the file can't be read or is malformed
 */
export async function findCurrentProfile(): Promise<string | null> {
	const content = await readJson(configFile());
	if (content === undefined) return null;
	const { data, error } = Config.safeParse(content);
	if (error) throw new SessionFileError(configFile(), describeIssues(error), { isMalformed: true });
	return data.current_profile ?? null;
}

/**
 * The name of the current profile: `default` if none has been set.
 * @throws {SessionFileError} if `config.json` can't be read or is malformed
 */
export const getCurrentProfile = async (): Promise<string> => (await findCurrentProfile()) ?? DEFAULT_PROFILE;

/**
 * Sets the current profile, which need not have a session.
 * @throws {ProfileNameError} if the name would leave the folder of profiles
 * @throws {SessionFileError} if `config.json` can't be written, or is malformed and `replaceMalformed` isn't set
 */
export async function setCurrentProfile(
	name: string,
	{ replaceMalformed = false }: { readonly replaceMalformed?: boolean } = {}
): Promise<void> {
	profilePath(name);
	if (!replaceMalformed) await findCurrentProfile();
	await makeFolder(basePath());
	await writeJson(configFile(), { current_profile: name });
}

/**
 * The names of the profiles that have a session, sorted by code unit.
 * @throws {SessionFileError} if the folder can't be read
 */
export async function listProfiles(): Promise<string[]> {
	const names = await readdir(profilesPath()).catch((error: unknown) => {
		if (codeOf(error) === 'ENOENT') return [];
		throw fileError(profilesPath(), 'read', error);
	});
	const found = await Promise.all(names.map(async (name) => profileNameIssue(name) === null && (await isThere(name))));
	return names.filter((_, index) => found[index]).sort();
}

const isThere = async (profile: string): Promise<boolean> =>
	(await stat(sessionFile(profile)).catch(() => null))?.isFile() ?? false;

/**
 * The folder of everything, created if needed: `IMMICH_CONFIG_DIR`, or `~/.config/immich`.
 * @throws {SessionFileError} if it can't be created
 */
export const baseConfigDir = (): Promise<string> => makeFolder(basePath());

/**
 * The folder of a profile, by default the current one, created if needed.
 * @throws {ProfileNameError} if the name would leave the folder of profiles
 * @throws {SessionFileError} if it can't be created
 */
export const configDir = async (profile?: string): Promise<string> =>
	makeFolder(profilePath(profile ?? (await getCurrentProfile())));

/**
 * Writes a session to a profile, by default the current one.
 * @throws {ProfileNameError} if the name would leave the folder of profiles
 * @throws {SessionFileError} if the file can't be written, or is malformed and `replaceMalformed` isn't set
 */
export async function save(
	session: Session,
	profile?: string,
	{ replaceMalformed = false }: { readonly replaceMalformed?: boolean } = {}
): Promise<void> {
	const name = profile ?? (await getCurrentProfile());
	if (!replaceMalformed) await load(name);
	await configDir(name);
	await writeJson(sessionFile(name), sessionCodec.encode(session));
}

/**
 * Reads the session of a profile, by default the current one; null if there is none.
 * @throws {ProfileNameError} if the name would leave the folder of profiles
 * @throws {SessionFileError} if the file can't be read or is malformed
 */
export async function load(profile?: string): Promise<Session | null> {
	const file = sessionFile(profile ?? (await getCurrentProfile()));
	const content = await readJson(file);
	if (content === undefined) return null;
	const { data, error } = sessionCodec.safeDecode(content as z.input<typeof sessionCodec>);
	if (error) throw new SessionFileError(file, describeIssues(error), { isMalformed: true });
	return data;
}

/**
 * Removes the session of a profile, by default the current one, and its folder if nothing else is in it.
 * @throws {ProfileNameError} if the name would leave the folder of profiles
 * @throws {SessionFileError} if it can't be removed
 */
export async function clear(profile?: string): Promise<void> {
	const folder = profilePath(profile ?? (await getCurrentProfile()));
	const names = await readdir(folder).catch((error: unknown) => {
		if (codeOf(error) === 'ENOENT') return [];
		throw fileError(folder, 'read', error);
	});
	// A crash can have left a temporary file with the same secret.
	const own = names.filter((name) => /^session\.json(\.[\da-f]+\.tmp)?$/.test(name));
	for (const name of own) {
		const file = path.join(folder, name);
		await rm(file, { force: true }).catch((error: unknown) => {
			throw fileError(file, 'removed', error);
		});
	}
	await rmdir(folder).catch(() => undefined);
}
