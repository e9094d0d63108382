import { Api, ApiError, toCredential } from '../client/api.ts';
import { Me } from '../client/replies.ts';
import { siteOf } from '../client/connect.ts';
import { findServer } from '../client/server.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readEnvironment } from '../environment.ts';
import { basePath } from '../session/folders.ts';
import { formatSession, getCurrentProfile, isExpired, listProfiles, load, type Session } from '../session/index.ts';
import { toPlainText } from '../session/plain-text.ts';
import { decodeClaims } from '../session/session.ts';

interface Answer {
	/** Only if its own expiry has passed or the server says so. */
	readonly isExpired: boolean;
	readonly me: Me | null;
	/** Why the server could not tell whose the credential is. */
	readonly problem: string | null;
}

/** Shows where sessions are, which there are, and whether the chosen one works. */
export async function status({ profile: given, output }: Context): Promise<void> {
	const current = await getCurrentProfile();
	const [profile, profiles] = [given ?? current, await listProfiles()];
	const session = await load(profile);
	const answer = session && (await askServer(session, profile));
	output.result(
		{
			configDir: basePath(),
			currentProfile: current,
			profiles,
			profile,
			session: session && answer && { ...describe(session), ...toJson(answer) }
		},
		() => [
			`Folder:   ${basePath()}`,
			`Profiles: ${profiles.map((name) => toPlainText(name) + (name === current ? ' (current)' : '')).join(', ') || 'none'}`,
			`Profile:  ${toPlainText(profile)}${session ? '' : ' (not signed in)'}`,
			...(session && answer ? ['', formatSession(session), ...toLines(answer)] : [])
		]
	);
	if (given === null && readEnvironment().apiKey !== null)
		output.note('IMMICH_API_KEY is set: other commands use it instead of the profile.');
}

async function askServer(session: Session, profile: string): Promise<Answer> {
	const { auth } = session;
	// Immich's own tokens are no JWTs: whether they still work only the server knows.
	const isJwt = auth.type === 'jwt' && decodeClaims(auth.accessToken) !== null;
	if (isJwt && isExpired(session, 0)) return { isExpired: true, me: null, problem: null };
	try {
		const api = new Api(await findServer(siteOf(session, profile)), toCredential(auth), '');
		return { isExpired: false, me: await api.call('GET /users/me', Me), problem: null };
	} catch (error) {
		if (error instanceof ApiError && error.status === 401) return { isExpired: true, me: null, problem: null };
		if (error instanceof CliError) return { isExpired: false, me: null, problem: error.message };
		throw error;
	}
}

/** A session without its secret. */
export const describe = ({ serverUrl: server, auth, createdAt }: Session) => ({
	server,
	kind: auth.type,
	email: auth.type === 'jwt' ? auth.email : null,
	userId: auth.type === 'jwt' ? auth.userId : null,
	keyName: auth.type === 'api_key' ? (auth.name ?? null) : null,
	createdAt
});

const toJson = ({ isExpired: expired, me, problem }: Answer) => ({
	expired,
	user: me && { id: me.id, email: me.email, name: me.name, isAdmin: me.isAdmin },
	problem
});

function toLines({ isExpired: expired, me, problem }: Answer): string[] {
	if (expired) return ['(expired, sign in again)'];
	if (me === null) return [`Not checked: ${problem ?? ''}`];
	return [`Valid for ${toPlainText(me.name)} <${toPlainText(me.email)}>${me.isAdmin ? ', an admin' : ''}`];
}
