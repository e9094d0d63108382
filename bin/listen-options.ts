import { ownVariables } from '#lib/server/platform/config/own-variables.ts';

/** Immich's own port, so that its clients find this server where they look. */
const defaultPort = 2283;

/** Reads where to listen, on all addresses where no host is given; throws one line that names the variable at fault. */
export function readListenOptions(source: Readonly<Record<string, string | undefined>>): {
	host: string | undefined;
	port: number;
} {
	const { env } = ownVariables(source);
	const variable = ['IMMICH_PORT', 'PORT'].find((name) => env[name] !== undefined);
	const text = (variable && env[variable]?.trim()) ?? String(defaultPort);
	if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
		throw new Error(`${variable ?? 'PORT'}: must be the number of a port`);
	return { host: env['IMMICH_HOST']?.trim() || undefined, port: Number(text) };
}
