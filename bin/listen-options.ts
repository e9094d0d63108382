/** Immich's own port, so that its clients find this server where they look. */
const defaultPort = 2283;

/** Reads where to listen; throws one line that names the variable at fault. */
export function readListenOptions(env: Readonly<Record<string, string | undefined>>): { host: string; port: number } {
	const text = env['IMMICH_PORT'] || env['PORT'];
	const port = text ? Number(text) : defaultPort;
	if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`IMMICH_PORT: ${text ?? ''} is no port`);
	return { host: env['IMMICH_HOST'] || '::', port };
}
