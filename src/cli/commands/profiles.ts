import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { sessionFile } from '../session/folders.ts';
import {
	clear,
	DEFAULT_PROFILE,
	getCurrentProfile,
	listProfiles,
	load,
	SessionFileError,
	setCurrentProfile
} from '../session/index.ts';
import { forgetToken } from '../session/maintenance-token.ts';
import { toPlainText } from '../session/plain-text.ts';
import { formatTable } from '../terminal/output.ts';
import { loginAdvice } from './login.ts';
import { signOut } from './logout.ts';
import { describe } from './status.ts';

/** Lists the profiles that have a session. */
export async function listAll({ output }: Context): Promise<void> {
	const current = await getCurrentProfile();
	const rows = await Promise.all(
		(await listProfiles()).map(async (name) => {
			const isCurrent = name === current;
			try {
				const session = await load(name);
				return { name, isCurrent, session: session && describe(session), problem: null };
			} catch (error) {
				if (error instanceof SessionFileError) return { name, isCurrent, session: null, problem: error.message };
				throw error;
			}
		})
	);
	const cells = rows.map(({ name, isCurrent, session, problem }) => [
		isCurrent ? '*' : '',
		name,
		session?.server ?? problem,
		session && (session.email ?? `API key${session.keyName === null ? '' : ` ${session.keyName}`}`),
		session?.createdAt ?? null
	]);
	const table = await formatTable(['', 'Profile', 'Server', 'Signed in as', 'Since'], cells);
	output.result({ current, profiles: rows }, () => (rows.length === 0 ? 'No profile is signed in.' : table));
}

/** Makes a profile that has a session the current one. */
export async function switchTo({ output }: Context, name: string): Promise<void> {
	await requireProfile(name);
	await setCurrentProfile(name);
	output.result({ current: name }, () => `The current profile is now ${toPlainText(name)}.`);
}

/** Prints the name of the current profile. */
export async function showCurrent({ output }: Context): Promise<void> {
	const current = await getCurrentProfile();
	output.result({ current }, () => toPlainText(current));
}

/** Signs a profile out and forgets it, also if its file is damaged. */
export async function remove(context: Context, name: string): Promise<void> {
	await requireProfile(name);
	try {
		await signOut(context, name);
	} catch (error) {
		if (!(error instanceof SessionFileError && error.isMalformed)) throw error;
		context.output.note(`${error.message}. It is deleted; a session on its server stays valid there.`);
		await forgetToken(name);
		await clear(name);
	}
	const wasCurrent = name === (await getCurrentProfile());
	if (wasCurrent && name !== DEFAULT_PROFILE) await setCurrentProfile(DEFAULT_PROFILE);
	context.output.result({ removed: name, current: wasCurrent ? DEFAULT_PROFILE : await getCurrentProfile() }, () => [
		`The profile ${toPlainText(name)} was removed.`,
		...(wasCurrent && name !== DEFAULT_PROFILE ? [`The current profile is now ${DEFAULT_PROFILE}.`] : [])
	]);
}

async function requireProfile(name: string): Promise<void> {
	sessionFile(name);
	const profiles = await listProfiles();
	if (profiles.includes(name)) return;
	const known = profiles.map(toPlainText).join(', ');
	throw new CliError(
		`There is no profile "${toPlainText(name)}".`,
		known === '' ? loginAdvice(name) : `There are: ${known}`
	);
}
