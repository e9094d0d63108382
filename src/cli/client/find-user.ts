import { z } from 'zod';
import { uuidPattern } from '#lib/contract/uuid-pattern.ts';
import { CliError } from '../cli-error.ts';
import { toPlainText } from '../session/plain-text.ts';
import { ApiError, type Api } from './api.ts';
import { NamedUser, User } from './replies.ts';

const shownMatches = 5;
/** The list may have very many users. */
const longTimeoutMs = 10 * 60_000;

/** Lists all users, with deleted ones if wanted. */
export const listUsers = (api: Api, withDeleted: boolean): Promise<User[]> =>
	api.call('GET /admin/users', z.array(User), { query: { withDeleted }, signal: AbortSignal.timeout(longTimeoutMs) });

/**
 * Finds a user, deleted ones too, by ID, email, or the beginning of either.
 * @throws {CliError} if there is none, or more than one begins so
 */
export async function findUser(api: Api, reference: string): Promise<User> {
	const wanted = reference.trim().toLowerCase();
	if (uuidPattern.test(wanted)) return readUser(api, wanted, reference);
	const found = wanted === '' ? [] : await listNamed(api, wanted);
	const exact = found.filter(({ email }) => email.toLowerCase() === wanted);
	const matches = exact.length > 0 ? exact : found;
	const [match] = matches;
	if (match === undefined) throw noSuchUser(reference);
	if (matches.length === 1) return readUser(api, match.id, reference);
	const shown = matches.slice(0, shownMatches).map(({ email }) => toPlainText(email));
	throw new CliError(
		`"${toPlainText(reference)}" is the beginning of several users: ${shown.join(', ')}${matches.length > shown.length ? ', and more' : ''}.`,
		'Type more of the email or the ID.'
	);
}

const readUser = (api: Api, id: string, reference: string): Promise<User> =>
	api.call(`GET /admin/users/${id}`, User).catch((error: unknown) => {
		throw error instanceof ApiError && [400, 404].includes(error.status) ? noSuchUser(reference) : error;
	});

/** Some of the users whose email or ID begins with a text in lower case. */
async function listNamed(api: Api, wanted: string): Promise<NamedUser[]> {
	const users = await api
		.call('GET /admin/user-directory/named', z.array(NamedUser), { query: { q: wanted } })
		.catch((error: unknown) => {
			// Another Immich can only list everyone.
			if (error instanceof ApiError && error.status === 404) return listUsers(api, true);
			throw error;
		});
	return users.filter(({ email, id }) => email.toLowerCase().startsWith(wanted) || id.startsWith(wanted));
}

const noSuchUser = (reference: string) =>
	new CliError(`No user matches "${toPlainText(reference)}".`, 'List them with: immich-auth users list --deleted');
