import type { Work } from '../job-handler.ts';

/** Reckons anew how much of their quota people use. */
export const syncUsage: Work = async ({ store: { cleanup } }, { turn }) => {
	// The sizes of photos stand in a table of Immich's. Without it what was counted at the upload is all there is.
	if (!(await cleanup.hasSizes())) return 'Nothing to reckon by: this database knows no sizes of photos';
	let changed = 0;
	let step = await cleanup.syncUsage(null);
	while (step) {
		changed += step.changed;
		turn.goOn();
		step = await cleanup.syncUsage(step.lastId);
	}
	return `${changed} ${changed === 1 ? 'account' : 'accounts'} corrected`;
};
