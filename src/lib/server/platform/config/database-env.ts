import { z } from 'zod';
import { readVariable } from './variable-file.ts';

type Source = Readonly<Record<string, string>>;

/** The database URL, and the variables that it came from, for messages. */
export interface DatabaseAddress {
	readonly url: string;
	readonly variable: string;
}

const partNames = ['DB_HOSTNAME', 'DB_PORT', 'DB_USERNAME', 'DB_PASSWORD', 'DB_DATABASE_NAME', 'DB_SSL_MODE'] as const;

/** Immich's defaults, which apply if any of the parts is given. */
const Parts = z.object({
	DB_HOSTNAME: z.string().default('database'),
	DB_PORT: z
		.string()
		.regex(/^\d{1,5}$/, 'must be the number of a port')
		.refine((port) => Number(port) > 0 && Number(port) <= 65_535, 'must be the number of a port')
		.default('5432'),
	DB_USERNAME: z.string().default('postgres'),
	DB_PASSWORD: z.string().default('postgres'),
	DB_DATABASE_NAME: z.string().default('immich'),
	DB_SSL_MODE: z
		.enum(['disable', 'allow', 'prefer', 'require', 'verify-full'], {
			error: 'must be disable, allow, prefer, require or verify-full'
		})
		.default('disable')
});

const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:\/\//.test(url);

/**
 * Reads the database URL from DATABASE_URL, otherwise from Immich's variables; undefined if none is set. A variable
 * that ends in `_FILE` names a file that contains the value.
 * @throws {Error} if a variable is invalid; its one line names the variable
 */
export function readDatabaseEnv(source: Source): DatabaseAddress | undefined {
	for (const variable of ['DATABASE_URL', 'DB_URL']) {
		const url = readVariable(source, variable);
		if (url === undefined) continue;
		if (!isPostgresUrl(url)) throw new Error(`${variable}: must be a postgres:// address`);
		return { url, variable };
	}
	const entries = partNames.map((name) => [name, readVariable(source, name)] as const);
	const variables = entries.filter(([, value]) => value !== undefined);
	const [first] = variables;
	if (!first) return undefined;
	const parsed = Parts.safeParse(Object.fromEntries(variables));
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new Error(`${issue?.path.join('.') ?? 'DB_HOSTNAME'}: ${issue?.message ?? 'not valid'}`);
	}
	return { url: buildUrl(parsed.data), variable: 'DB_HOSTNAME and the other DB_… variables' };
}

/** Builds a URL from the parts; the host is a parameter because it can be the folder of a socket. */
function buildUrl(parts: z.output<typeof Parts>): string {
	const url = new URL('postgresql://localhost');
	url.username = encodeURIComponent(parts.DB_USERNAME);
	url.password = encodeURIComponent(parts.DB_PASSWORD);
	url.pathname = `/${encodeURIComponent(parts.DB_DATABASE_NAME)}`;
	url.searchParams.set('host', parts.DB_HOSTNAME.replace(/^\[(.*)\]$/, '$1'));
	url.searchParams.set('port', parts.DB_PORT);
	if (parts.DB_SSL_MODE === 'disable') return url.href;
	// As in libpq and Immich, only verify-full checks the certificate.
	url.searchParams.set('sslmode', parts.DB_SSL_MODE === 'allow' ? 'prefer' : parts.DB_SSL_MODE);
	url.searchParams.set('uselibpqcompat', 'true');
	return url.href;
}
