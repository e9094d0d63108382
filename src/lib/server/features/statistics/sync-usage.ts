import type { JobHandler } from '#lib/server/platform/job.ts';
import type { QuotaUsageRepository } from './quota-usage.repository.ts';

/** Recalculates how much of their quota users have used. */
export const syncUsage =
	(quotaUsage: QuotaUsageRepository): JobHandler =>
	async ({ signal }) => {
		let changed = 0;
		let step = await quotaUsage.sync(null);
		while (step) {
			changed += step.changed;
			signal.throwIfAborted();
			step = await quotaUsage.sync(step.lastId);
		}
		return `${changed} ${changed === 1 ? 'account' : 'accounts'} corrected`;
	};
