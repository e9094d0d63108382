import { CliError, usageError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readEnvironment } from '../environment.ts';
import { sessionFile } from '../session/folders.ts';
import { getCurrentProfile, load, type Session } from '../session/index.ts';
import { toPlainText } from '../session/plain-text.ts';
import { Api, toCredential } from './api.ts';
import { findServer, parseServerUrl } from './server.ts';

/** A server, and the credential that a command uses there. */
export interface Connection {
	readonly api: Api;
	/** Null if the credential comes from the environment. */
	readonly profile: string | null;
	readonly kind: 'jwt' | 'api_key';
}

const sameServer = (one: URL, other: URL) => one.href === other.href;

/** How to sign in to a server again. */
export const signInAdvice = (server: string, profile: string): string =>
	`Sign in again: immich-auth login ${server} --profile ${quote(profile)}`;

/** Quotes an argument for a POSIX shell if it needs it. */
export const quote = (text: string): string =>
	/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The address of a session's server.
 * @throws {CliError} if the file contains none
 */
export function siteOf({ serverUrl }: Session, profile: string): URL {
	try {
		return parseServerUrl(serverUrl);
	} catch {
		throw new CliError(
			`${sessionFile(profile)}: "${toPlainText(serverUrl)}" is not the address of a server.`,
			'Correct the file, or sign in again.'
		);
	}
}

/**
 * Connects with the profile given, else with the credential of the environment, else with the current profile.
 * @throws {CliError} if there is no session, or the server can't be reached
 */
export async function connect({ profile: given }: Context): Promise<Connection> {
	const { server, apiKey } = readEnvironment();
	if (given === null && apiKey !== null) {
		if (server === null)
			throw usageError(
				'IMMICH_API_KEY is set, but no server.',
				'Set IMMICH_SERVER too, or choose a profile with --profile.'
			);
		const api = new Api(
			await findServer(parseServerUrl(server)),
			{ apiKey },
			'Set IMMICH_API_KEY to another key, or unset it to use a profile.'
		);
		return { api, profile: null, kind: 'api_key' };
	}
	const profile = given ?? (await getCurrentProfile());
	const session = await load(profile);
	if (session === null)
		throw new CliError(
			`The profile "${profile}" is not signed in.`,
			`Sign in: immich-auth login SERVER${given === null ? '' : ` --profile ${quote(given)}`}`
		);
	const site = siteOf(session, profile);
	if (given === null && server !== null && !sameServer(parseServerUrl(server), site))
		throw usageError(
			`IMMICH_SERVER names ${server}, but the profile "${profile}" is signed in to ${session.serverUrl}.`,
			'Unset IMMICH_SERVER, or choose the profile with --profile.'
		);
	const api = new Api(await findServer(site), toCredential(session.auth), signInAdvice(session.serverUrl, profile));
	return { api, profile, kind: session.auth.type };
}
