import pg from 'pg';
import { StartupError } from './startup-error.ts';

const example = 'postgresql://user:password@host:5432/immich';

/** Checks the format of DATABASE_URL. @throws StartupError that omits the URL, which contains a password */
export function checkDatabaseUrl(databaseUrl: string): void {
	const isPostgres = /^(postgres|postgresql|socket):/.test(databaseUrl);
	try {
		if (isPostgres) {
			new pg.Client({ connectionString: databaseUrl });
			return;
		}
	} catch (cause) {
		throw new StartupError(
			`DATABASE_URL cannot be read as an address. Write it as ${example}, with special characters in the password percent-encoded.`,
			{ cause: withoutInput(cause) }
		);
	}
	throw new StartupError(`DATABASE_URL is not the address of a PostgreSQL. Write it as ${example}.`);
}

/** Describes the error of a first connection and its remedy in one line. */
export function describeConnectionError(
	error: unknown,
	client: { host: string; port: number; user?: string | undefined; database?: string | undefined }
): StartupError {
	const where = client.host.startsWith('/') ? client.host : `${client.host}:${String(client.port)}`;
	const code = getErrorCode(error);
	const advice = adviceFor(code, where, client.user ?? '', client.database ?? '');
	if (advice !== undefined) return new StartupError(advice, { cause: error });
	const message = error instanceof Error ? error.message : String(error);
	if (/statement pooling/i.test(message))
		return new StartupError(
			`The connection pooler at ${where} (DATABASE_URL) runs in statement mode, where transactions are refused. Set pool_mode to session or transaction.`,
			{ cause: error }
		);
	if (/unsupported startup parameter/i.test(message))
		return new StartupError(
			`The connection pooler at ${where} (DATABASE_URL) refused a setting: ${message}. Remove it from the address, or add it to ignore_startup_parameters of the pooler.`,
			{ cause: error }
		);
	// The server's own timeouts have a code.
	if (code === '' && /timeout/i.test(message))
		return new StartupError(
			`The database at ${where} (DATABASE_URL) did not answer in time. Check the address, the network and the firewall.`,
			{ cause: error }
		);
	return new StartupError(`The database at ${where} (DATABASE_URL) refused the connection: ${message}`, {
		cause: error
	});
}

/** Returns whether an error is temporary, as when a database server is starting alongside this one. */
export function isPassing(error: unknown): boolean {
	return ['ECONNREFUSED', 'EAI_AGAIN', 'ENOENT', '57P03'].includes(getErrorCode(error));
}

function adviceFor(code: string, where: string, user: string, database: string): string | undefined {
	switch (code) {
		case 'ECONNREFUSED':
		case 'ENOENT':
			return `No database answers at ${where} (DATABASE_URL). Start it, or correct the address.`;
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return `The database's host in DATABASE_URL (${where}) is not known to the network. Correct the name.`;
		case 'ETIMEDOUT':
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
			return `The database at ${where} (DATABASE_URL) cannot be reached. Check the address, the network and the firewall.`;
		case '28P01':
		case '28000':
			return `The database at ${where} refuses user "${user}" (DATABASE_URL). Correct the user name or the password.`;
		case '3D000':
			return `There is no database "${database}" at ${where} (DATABASE_URL). Create it, or correct its name.`;
		case '42501':
			return `User "${user}" (DATABASE_URL) can't create what immich-auth needs in database "${database}" at ${where}. Make it the owner: ALTER DATABASE ${pg.escapeIdentifier(database)} OWNER TO ${pg.escapeIdentifier(user)};`;
		case '53300':
			return `The database at ${where} has no connection left. Raise its max_connections or stop another client.`;
		case '57P03':
			return `The database at ${where} is still starting or already stopping. Start again in a moment.`;
		default:
			return undefined;
	}
}

function getErrorCode(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Drops the message of Node's URL parser, which quotes the whole URL. */
function withoutInput(cause: unknown): string {
	return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
}
