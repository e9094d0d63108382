import { ownVariables } from '#lib/server/platform/config/own-variables.ts';

/** Immich's port, so that clients find this server where they expect it. */
const defaultPort = 2283;

/**
 * Reads host and port. Without a host, the server listens on all addresses.
 * @throws {Error} if a variable is invalid; its one line names the variable
 */
export function readListenOptions(source: Readonly<Record<string, string | undefined>>): {
	host: string | undefined;
	port: number;
} {
	const { env } = ownVariables(source);
	const variable = ['IMMICH_PORT', 'PORT'].find((name) => env[name] !== undefined);
	const text = (variable && env[variable]?.trim()) ?? String(defaultPort);
	if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
		throw new Error(`${variable ?? 'PORT'}: must be the number of a port`);
	// Brackets belong to URLs, but people copy IPv6 addresses with them.
	const host = env['IMMICH_HOST']?.trim().replace(/^\[(.*)\]$/, '$1');
	return { host: host || undefined, port: Number(text) };
}
