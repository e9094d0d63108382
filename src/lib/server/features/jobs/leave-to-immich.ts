import type { JobDefinition } from '#lib/server/platform/job.ts';

/** Replaces the jobs that a running Immich does on the same database with ones that do nothing. */
export const leaveToImmich = (jobs: ReadonlyMap<string, JobDefinition>): ReadonlyMap<string, JobDefinition> =>
	new Map(
		[...jobs].map(([name, job]) => [
			name,
			job.isImmichs ? { queue: job.queue, work: () => Promise.resolve('Left to Immich') } : job
		])
	);
