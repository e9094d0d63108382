import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { toPlainText } from '../session/plain-text.ts';
import { ApiError, type Api } from './api.ts';
import { User } from './replies.ts';

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const shownMatches = 5;

/** Lists all users, with deleted ones if wanted. */
export const listUsers = (api: Api, withDeleted: boolean): Promise<User[]> =>
	api.call('GET /admin/users', z.array(User), { query: { withDeleted } });

/**
 * Finds a user, deleted ones too, by ID, email, or the beginning of either.
 * @throws {CliError} if there is none, or more than one begins so
 */
export async function findUser(api: Api, reference: string): Promise<User> {
	if (uuid.test(reference))
		return api.call(`GET /admin/users/${reference.toLowerCase()}`, User).catch((error: unknown) => {
			throw error instanceof ApiError && [400, 404].includes(error.status) ? noSuchUser(reference) : error;
		});
	const wanted = reference.trim().toLowerCase();
	if (wanted === '') throw noSuchUser(reference);
	const users = await listUsers(api, true);
	const exact = users.filter(({ email }) => email.toLowerCase() === wanted);
	const matches =
		exact.length > 0
			? exact
			: users.filter(({ email, id }) => email.toLowerCase().startsWith(wanted) || id.startsWith(wanted));
	const [match] = matches;
	if (match === undefined) throw noSuchUser(reference);
	if (matches.length === 1) return match;
	const shown = matches.slice(0, shownMatches).map(({ email }) => toPlainText(email));
	const rest = matches.length - shown.length;
	throw new CliError(
		`"${toPlainText(reference)}" is the beginning of ${matches.length} users: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`,
		'Type more of the email or the ID.'
	);
}

const noSuchUser = (reference: string) =>
	new CliError(`No user matches "${toPlainText(reference)}".`, 'List them with: immich-auth users list --deleted');
