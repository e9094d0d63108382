import { Api, ApiError, isCredential, toCredential, type Credential } from '../client/api.ts';
import { quote } from '../client/connect.ts';
import { LoginReply, Me, MyApiKey } from '../client/replies.ts';
import { checkServer, findServer, parseServerUrl, type Server } from '../client/server.ts';
import { CliError, usageError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readEnvironment } from '../environment.ts';
import { profilePath, requireWritable } from '../session/folders.ts';
import {
	createSession,
	DEFAULT_PROFILE,
	listProfiles,
	load,
	save,
	SessionFileError,
	setCurrentProfile,
	type AuthMethod,
	type Session
} from '../session/index.ts';
import { findCurrentProfile } from '../session/profiles.ts';
import { toPlainText } from '../session/plain-text.ts';
import { askSecret, isInteractive, readSecret } from '../terminal/prompts.ts';

export interface LoginOptions {
	readonly apiKey?: string | undefined;
	readonly apiKeyStdin?: true | undefined;
	readonly name?: string | undefined;
	readonly email?: string | undefined;
	readonly password?: string | undefined;
	readonly passwordStdin?: true | undefined;
	readonly switch?: true | undefined;
}

/** How to sign in, as the options and the environment say. */
type Method =
	| { readonly by: 'api_key'; readonly key: string | null; readonly fromStdin: boolean }
	| { readonly by: 'password'; readonly email: string; readonly password: string | null; readonly fromStdin: boolean }
	| { readonly by: 'server' };

/** A credential that the server has accepted. */
interface SignedIn {
	readonly auth: AuthMethod;
	/** Null for an API key that may not read its user. */
	readonly me: Me | null;
	/** For changing a temporary password. */
	readonly password: string | null;
}

const options =
	'Use --api-key-stdin with an API key on standard input, --email with --password-stdin, or set IMMICH_API_KEY.';
const minPasswordCharacters = 8;

/** Signs in to a server and remembers the session. */
export async function login(context: Context, given: string | undefined, chosen: LoginOptions): Promise<void> {
	const method = chooseMethod(chosen);
	const address = given ?? readEnvironment().server;
	if (address === null) throw usageError('Which server?', 'Give its address, or set IMMICH_SERVER.');
	const site = parseServerUrl(address);
	const { profile, becomesCurrent } = await chooseProfile(context.profile, chosen.switch === true);
	// Otherwise the session would be left on the server.
	await requireWritable(profilePath(profile));

	const server = await findServer(site);
	await checkServer(server);
	const signedIn = await signIn(context, server, method, chosen.name);
	const { me, auth } = signedIn;
	const session = createSession(server.url, auth);
	const mustChange = await changeTemporaryPassword(context, server, signedIn);
	const replaced = await load(profile).catch(() => null);
	await remember(session, profile, becomesCurrent, server);
	// Nothing would end it later; a session of another server stays, since its token must not be sent here.
	if (replaced?.serverUrl === server.url) await endSession(server, replaced.auth);
	const kind = auth.type;
	const user = me && { id: me.id, email: me.email, name: me.name, isAdmin: me.isAdmin };
	context.output.result(
		{ profile, isCurrent: becomesCurrent, server: server.url, kind, user, mustChangePassword: mustChange },
		() => [
			`Signed in to ${server.url}${me ? ` as ${toPlainText(me.email)}` : ''}; profile ${toPlainText(profile)}${becomesCurrent ? ', which is now the current one' : ''}.`
		]
	);
}

function chooseMethod({ apiKey, apiKeyStdin, name, email, password, passwordStdin }: LoginOptions): Method {
	const hasKey = apiKey !== undefined || apiKeyStdin === true;
	if (hasKey && email !== undefined) throw usageError('Choose one: an API key, or an email and a password.');
	if (apiKey !== undefined && apiKeyStdin) throw usageError('Choose one: --api-key or --api-key-stdin.');
	if (password !== undefined && passwordStdin) throw usageError('Choose one: --password or --password-stdin.');
	if (email === undefined && (password !== undefined || passwordStdin))
		throw usageError('A password needs an email.', 'Add --email.');
	if (email !== undefined && name !== undefined) throw usageError('--name is for an API key.');
	if (email !== undefined) {
		if (password === undefined && !passwordStdin && !isInteractive())
			throw usageError('There is no terminal to ask for the password.', 'Use --password-stdin.');
		return { by: 'password', email, password: password ?? null, fromStdin: passwordStdin === true };
	}
	const key = apiKey ?? (apiKeyStdin ? null : readEnvironment().apiKey);
	if (key !== null || apiKeyStdin) return { by: 'api_key', key, fromStdin: apiKeyStdin === true };
	if (!isInteractive()) throw usageError('There is no terminal to sign in on.', options);
	return name === undefined ? { by: 'server' } : { by: 'api_key', key: null, fromStdin: false };
}

/** The profile to write, and whether it becomes the current one: with `--switch`, or if there was none. */
async function chooseProfile(given: string | null, isSwitch: boolean) {
	const current = await findCurrentProfile().catch((error: unknown) => {
		// A login may repair the file, if it says which profile to use.
		if (error instanceof SessionFileError && error.isMalformed && given !== null && isSwitch) return null;
		if (error instanceof SessionFileError && error.isMalformed)
			throw new CliError(error.message, 'Correct the file, or replace it: add --profile NAME --switch.');
		throw error;
	});
	const profiles = await listProfiles();
	const hasCurrent = current !== null || profiles.includes(DEFAULT_PROFILE);
	const profile = given ?? current ?? DEFAULT_PROFILE;
	// On many systems both would be the same folder.
	const similar = profiles.find((known) => known !== profile && foldCase(known) === foldCase(profile));
	if (similar !== undefined)
		throw usageError(`There is a profile "${toPlainText(similar)}" already.`, 'Use exactly its name, or another one.');
	return { profile, becomesCurrent: isSwitch || !hasCurrent || profile === (current ?? DEFAULT_PROFILE) };
}

const foldCase = (name: string): string => name.normalize('NFC').toLowerCase();

async function signIn(context: Context, server: Server, method: Method, name: string | undefined): Promise<SignedIn> {
	if (method.by === 'password') return signInByPassword(server, method);
	if (method.by === 'server' && server.deviceAuthorization) {
		const { signInByCode } = await import('../client/device-flow.ts');
		const { output } = context;
		const token = await signInByCode(server.deviceAuthorization, {
			show: ({ userCode, url, completeUrl }) => {
				output.note(`To sign in, open ${toPlainText(completeUrl ?? url)}`);
				output.note(`and confirm the code ${toPlainText(userCode)}`);
				output.note('Waiting for the confirmation; Ctrl-C cancels.');
			},
			onTrouble: ({ message }) => output.note(`${message} Still waiting.`)
		});
		return { ...(await checkToken(server, token)), password: null };
	}
	const key =
		method.by === 'api_key' && method.key !== null
			? method.key
			: method.by === 'api_key' && method.fromStdin
				? await readSecret('--api-key-stdin')
				: await askSecret(`API key for ${server.url}`);
	return signInByKey(context, server, key, name);
}

const newApi = (server: Server, credential: Credential | null) =>
	new Api(server, credential, 'Check the credential; nothing was saved.');

async function signInByPassword(
	server: Server,
	{ email, password: given, fromStdin }: Extract<Method, { by: 'password' }>
): Promise<SignedIn> {
	const password =
		given ?? (fromStdin ? await readSecret('--password-stdin') : await askSecret(`Password of ${toPlainText(email)}`));
	const reply = await newApi(server, null)
		.call('POST /auth/login', LoginReply, { body: { email, password } })
		.catch((error: unknown) => {
			if (error instanceof ApiError && error.status === 401)
				throw new CliError('The email or the password is wrong.', 'Nothing was saved.');
			throw error;
		});
	return { ...(await checkToken(server, reply.accessToken)), password };
}

/** Asks the server whose token it is. */
async function checkToken(server: Server, accessToken: string) {
	const me = await newApi(server, { token: accessToken }).call('GET /users/me', Me);
	return { auth: { type: 'jwt', accessToken, userId: me.id, email: me.email } as const, me };
}

async function signInByKey({ output }: Context, server: Server, key: string, name?: string): Promise<SignedIn> {
	if (!isCredential(key)) throw usageError('This is no API key: it contains blanks or other characters.');
	const api = newApi(server, { apiKey: key });
	const own = await api.call('GET /api-keys/me', MyApiKey).catch((error: unknown) => {
		// Older versions of Immich can't tell.
		if (error instanceof ApiError && error.status === 404) return null;
		throw error;
	});
	const me = await api.call('GET /users/me', Me).catch((error: unknown) => {
		if (own === null || !(error instanceof ApiError) || error.status !== 403) throw error;
		output.note(`The API key works, but may not read whose it is: ${error.message}`);
		return null;
	});
	const known = name ?? own?.name;
	return { auth: { type: 'api_key', key, ...(known !== undefined && { name: known }) }, me, password: null };
}

/** Replaces a temporary password; returns whether it still has to be done. */
async function changeTemporaryPassword({ output }: Context, server: Server, signedIn: SignedIn): Promise<boolean> {
	const { me, auth, password } = signedIn;
	if (me?.shouldChangePassword !== true || auth.type !== 'jwt') return false;
	// Immich sets this for the first admin too, and ignores it for admins; ours requires it of them after a reset.
	if (me.isAdmin && !(await isChangeRequired(newApi(server, toCredential(auth))))) return false;
	if (password === null || !isInteractive()) {
		output.note(`This password is temporary. Change it in a browser: ${server.url}/auth/change-password`);
		return true;
	}
	const token = auth.accessToken;
	try {
		output.note('This password is temporary and has to be changed now.');
		const newPassword = await askSecret('New password', (value) =>
			[...value].length < minPasswordCharacters ? `Use at least ${minPasswordCharacters} characters` : undefined
		);
		await askSecret('The new password again', (value) =>
			value === newPassword ? undefined : 'This is not the same password'
		);
		await newApi(server, { token }).do('POST /auth/change-password', { body: { password, newPassword } });
	} catch (error) {
		await endSession(server, auth);
		throw error;
	}
	return false;
}

/** Whether the server refuses everything else until the password is changed. */
const isChangeRequired = (api: Api): Promise<boolean> =>
	api.do('GET /sessions').then(
		() => false,
		(error: unknown) => error instanceof ApiError && error.message.includes('Password change required')
	);

/** Writes the session; if that fails, ends it on the server again. */
async function remember(session: Session, profile: string, becomesCurrent: boolean, server: Server): Promise<void> {
	try {
		await save(session, profile, { replaceMalformed: true });
		if (becomesCurrent) await setCurrentProfile(profile, { replaceMalformed: true });
	} catch (error) {
		await endSession(server, session.auth);
		if (error instanceof SessionFileError)
			throw new CliError(error.message, `Nothing was saved. Choose another folder with IMMICH_CONFIG_DIR.`);
		throw error;
	}
}

async function endSession(server: Server, auth: AuthMethod): Promise<void> {
	if (auth.type === 'jwt')
		await newApi(server, toCredential(auth))
			.do('POST /auth/logout')
			.catch(() => undefined);
}

/** How to sign in to a profile that isn't. */
export const loginAdvice = (profile: string): string => `Sign in: immich-auth login SERVER --profile ${quote(profile)}`;
