import { ensureBuilt, ensureCliBuilt } from '../../scripts/setup.mjs';

/** The HTTP tests run against the build that `npm start` runs. */
export default async function setup(): Promise<void> {
	await ensureBuilt();
	await ensureCliBuilt();
}
