import type { JobHandler } from '../job-handler.ts';

/** Recalculates how much of their quota users have used. */
export const syncUsage: JobHandler = async ({ store: { cleanup } }, { signal }) => {
	// Photo sizes are in a table of Immich's. Without it, the usage counted during uploads is all there is.
	if (!(await cleanup.hasSizes())) return 'Nothing to reckon by: this database knows no sizes of photos';
	let changed = 0;
	let step = await cleanup.syncUsage(null);
	while (step) {
		changed += step.changed;
		signal.throwIfAborted();
		step = await cleanup.syncUsage(step.lastId);
	}
	return `${changed} ${changed === 1 ? 'account' : 'accounts'} corrected`;
};
