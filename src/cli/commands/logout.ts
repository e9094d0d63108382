import { Api, ApiError, toCredential } from '../client/api.ts';
import { findServer, parseServerUrl } from '../client/server.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { clear, getCurrentProfile, listProfiles, load, SessionFileError, type Session } from '../session/index.ts';
import { forgetToken } from '../session/maintenance-token.ts';
import { toPlainText } from '../session/plain-text.ts';

/** What happened to a session on its server; keys stay valid there. */
type ServerSide = 'ended' | 'already_ended' | 'unreachable' | 'key_kept';

/** Ends the session of the profile, or with `--all` those of all profiles, and forgets it. */
export async function logout(context: Context, { all }: { readonly all?: true | undefined }): Promise<void> {
	const profiles = all ? await listProfiles() : [context.profile ?? (await getCurrentProfile())];
	const done: { profile: string; server: string | null; outcome: ServerSide | 'not_signed_in' }[] = [];
	const failures: SessionFileError[] = [];
	for (const profile of profiles)
		try {
			done.push({ profile, ...(await signOut(context, profile)) });
		} catch (error) {
			if (!(error instanceof SessionFileError)) throw error;
			failures.push(error);
		}
	context.output.result(
		done.map(({ profile, server, outcome }) => ({ profile, server, outcome })),
		() =>
			done.length === 0 && failures.length === 0
				? 'No profile is signed in.'
				: done.map(({ profile, server, outcome }) =>
						outcome === 'not_signed_in'
							? `The profile ${toPlainText(profile)} is not signed in.`
							: `Signed out of ${toPlainText(server ?? '')}; profile ${toPlainText(profile)}.`
					)
	);
	if (failures.length > 0)
		throw new CliError(
			failures.map(({ message }) => message).join('\n'),
			failures.some(({ isMalformed }) => isMalformed)
				? 'Delete a file that is damaged with: immich-auth profile remove NAME'
				: null
		);
}

/** Ends a session on its server if it can be reached, and forgets it in any case. */
export async function signOut({ output }: Context, profile: string) {
	const session = await load(profile);
	if (session === null) return { server: null, outcome: 'not_signed_in' as const };
	const outcome = await endOnServer(session);
	if (await forgetToken(profile))
		output.note(
			'The token of a maintenance that was started here is forgotten, too. immich-admin can end it on the server.'
		);
	await clear(profile);
	if (outcome === 'unreachable')
		output.note(
			`${session.serverUrl} can't be reached: the session is forgotten here, but stays valid there until it expires or an admin ends it.`
		);
	if (outcome === 'key_kept') output.note(`The API key stays valid on ${session.serverUrl} until it is deleted there.`);
	return { server: session.serverUrl, outcome };
}

async function endOnServer({ serverUrl, auth }: Session): Promise<ServerSide> {
	if (auth.type === 'api_key') return 'key_kept';
	try {
		const api = new Api(await findServer(parseServerUrl(serverUrl)), toCredential(auth), '');
		await api.do('POST /auth/logout');
		return 'ended';
	} catch (error) {
		return error instanceof ApiError && error.status === 401 ? 'already_ended' : 'unreachable';
	}
}
