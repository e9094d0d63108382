import { z } from 'zod';
import { ApiError, type Api } from '../client/api.ts';
import { connect, type Connection } from '../client/connect.ts';
import { findUser } from '../client/find-user.ts';
import { ApiKey, ApiKeyMade, ApiKeyPage, MyApiKey } from '../client/replies.ts';
import { CliError, usageError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { load, save } from '../session/index.ts';
import { toPlainText } from '../session/plain-text.ts';
import { formatTable } from '../terminal/output.ts';
import { confirm } from '../terminal/prompts.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** Lists one's own API keys, or those of a user. */
export async function list(context: Context, { user }: { readonly user?: string | undefined }): Promise<void> {
	const { api } = await connect(context);
	const keys = await listKeys(api, user === undefined ? null : (await findUser(api, user)).id);
	const table = await formatTable(
		['ID', 'Name', 'Permissions', 'Created', 'Expires', 'Last used'],
		keys.map((key) => [
			key.id,
			key.name,
			key.permissions.length > 3 ? `${key.permissions.length} permissions` : key.permissions.join(', '),
			key.createdAt,
			key.expiresAt,
			key.lastUsedAt
		])
	);
	context.output.result(keys, () => (keys.length === 0 ? 'There are no API keys.' : table));
}

/** All keys of a user, or one's own: with all details from our servers, which send them page by page. */
async function listKeys(api: Api, userId: string | null): Promise<ApiKey[]> {
	const request = userId === null ? 'GET /api-keys/details' : `GET /admin/users/${userId}/api-keys`;
	const keys: ApiKey[] = [];
	let after: string | undefined;
	try {
		do {
			const page = await api.call(request, ApiKeyPage, { query: { after } });
			keys.push(...page.keys);
			after = page.next ?? undefined;
		} while (after !== undefined);
	} catch (error) {
		// Another Immich takes `details` for an ID.
		const isUnknown = error instanceof ApiError && [400, 404].includes(error.status);
		if (userId !== null || !isUnknown) throw error;
		return api.call('GET /api-keys', z.array(ApiKey));
	}
	return keys;
}

/** Finds a key by ID, name, or the beginning of its ID. */
async function findKey(api: Api, userId: string | null, reference: string): Promise<ApiKey> {
	const keys = await listKeys(api, userId);
	const exact = keys.filter(({ id, name }) => id === reference || name === reference);
	const matches = exact.length > 0 ? exact : keys.filter(({ id }) => reference !== '' && id.startsWith(reference));
	const [match] = matches;
	if (match === undefined)
		throw new CliError(`No API key matches "${toPlainText(reference)}".`, 'See: immich-auth keys list');
	if (matches.length > 1)
		throw new CliError(`${matches.length} API keys match "${toPlainText(reference)}".`, 'Use the whole ID.');
	return match;
}

/** The end of the last day, or of a number of days from now. */
function toExpiry(text: string): string {
	const days = /^(\d{1,4})d$/.exec(text)?.[1];
	const moment = days === undefined ? Date.parse(`${text}T23:59:59.999Z`) : Date.now() + Number(days) * dayMs;
	if (Number.isNaN(moment) || (days === undefined && !/^\d{4}-\d\d-\d\d$/.test(text)))
		throw usageError(`"${text}" is no expiry.`, 'It looks like this: 90d, or 2027-01-31');
	return new Date(moment).toISOString();
}

interface CreateOptions {
	readonly name: string;
	readonly permission: readonly string[];
	readonly expires?: string | undefined;
}

/** Creates an API key of one's own and prints its secret, which the server shows only now. */
export async function create(context: Context, { name, permission, expires }: CreateOptions): Promise<void> {
	const expiresAt = expires === undefined ? null : toExpiry(expires);
	const { api } = await connect(context);
	const body = { name, permissions: permission };
	const made =
		expiresAt === null
			? await api.call('POST /api-keys', ApiKeyMade, { body })
			: await api.call('POST /api-keys/details', ApiKeyMade, { body: { ...body, expiresAt } });
	printSecret(context, 'Created', made);
}

function printSecret({ output }: Context, done: string, made: z.output<typeof ApiKeyMade>): void {
	const { secret, ...key } = made;
	output.result({ key: ApiKey.parse(key), secret }, () => [
		`${done} the API key ${toPlainText(key.name)}, ID ${key.id}.`,
		`Secret, shown only now: ${secret}`
	]);
}

/** Gives an API key of one's own a new secret; the profile that uses it gets it too. */
export async function rotate(
	context: Context,
	reference: string,
	{ yes }: { readonly yes?: true | undefined }
): Promise<void> {
	const connection = await connect(context);
	const { api } = connection;
	const key = await findKey(api, null, reference);
	await confirm(`Replace the secret of ${toPlainText(key.name)}? The old one ends immediately.`, yes);
	const isOwn = await isKeyInUse(connection, key);
	const made = await api.call(`POST /api-keys/${key.id}/rotate`, ApiKeyMade);
	printSecret(context, 'Replaced the secret of', made);
	if (isOwn) await updateProfile(context, connection, made.secret);
}

async function isKeyInUse({ api, kind }: Connection, { id }: ApiKey): Promise<boolean> {
	return kind === 'api_key' && (await api.call('GET /api-keys/me', MyApiKey)).id === id;
}

async function updateProfile({ output }: Context, { profile }: Connection, key: string): Promise<void> {
	const session = profile === null ? null : await load(profile);
	if (profile === null || session?.auth.type !== 'api_key') {
		output.note('IMMICH_API_KEY is this key: set it to the new secret.');
		return;
	}
	await save({ ...session, auth: { ...session.auth, key } }, profile);
	output.note(`The profile ${toPlainText(profile)} uses the new secret.`);
}

interface DeleteOptions {
	readonly user?: string | undefined;
	readonly yes?: true | undefined;
}

/** Deletes an API key of one's own, or of a user. */
export async function remove(context: Context, reference: string, { user, yes }: DeleteOptions): Promise<void> {
	const { api } = await connect(context);
	const owner = user === undefined ? null : await findUser(api, user);
	const key = await findKey(api, owner?.id ?? null, reference);
	const name = toPlainText(key.name);
	const whose = owner === null ? '' : ` of ${toPlainText(owner.email)}`;
	await confirm(`Delete the API key ${name}${whose}?`, yes);
	await api.do(`DELETE ${owner === null ? '' : `/admin/users/${owner.id}`}/api-keys/${key.id}`);
	context.output.result({ deleted: key.id, user: owner?.id ?? null }, () => `Deleted the API key ${name}${whose}.`);
}
