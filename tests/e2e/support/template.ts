import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { startFreshServer } from '../../support/server.ts';

const variable = 'IMMICH_AUTH_TEST_TEMPLATE';

/** Trades safety for speed, because the data is thrown away. Never for real data. */
const unsafeSettings = ['fsync', 'synchronous_commit', 'full_page_writes'];

/** Creates a migrated database once per run; the servers of the spec files start from copies of it. */
export default async function setup(): Promise<() => Promise<void>> {
	const server = await startFreshServer();
	await server.halt();
	const settings = unsafeSettings.map((name) => `${name} = off\n`).join('');
	await appendFile(path.join(server.dataDir, 'postgres/data/postgresql.conf'), settings);
	process.env[variable] = server.dataDir;
	return () => server.stop();
}

/** The data folder that `setup` has created. */
export const templateData = (): string | undefined => process.env[variable];
