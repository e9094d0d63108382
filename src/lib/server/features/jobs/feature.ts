import type { MaintenanceFeature } from '#lib/server/features/maintenance/index.ts';
import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { Cleanup, Jobs } from '#lib/server/platform/job.ts';
import { combineByName } from './by-name.ts';
import { leaveToImmich } from './leave-to-immich.ts';
import { cleanUp } from './clean-up.ts';
import { JobQueues } from './job-queues.ts';
import { QueueService } from './queue.service.ts';
import type { JobStore } from './repositories.ts';

interface Needed {
	readonly settings: SettingsFeature;
	readonly maintenance: MaintenanceFeature;
}

/** Runs the jobs that `others`, all other features, declare. */
export function createJobs(
	{ store, pool, log, immich }: Platform<JobStore>,
	{ settings: { reader: settings }, maintenance }: Needed,
	others: readonly Feature[]
) {
	const cleanup: Cleanup = { jobHours: () => store.jobs.forgetHours() };
	const removals = combineByName([cleanup, ...others.map((feature) => feature.cleanup)]);
	const jobs: Jobs = {
		SessionCleanup: {
			queue: 'backgroundTask',
			work: cleanUp({ settings, removals }),
			isNightly: () => settings.current.system.nightlyTasks.databaseCleanup
		}
	};
	const declared = combineByName([jobs, ...others.map((feature) => feature.jobs)]);
	const queues = new JobQueues({
		pool,
		jobs: immich ? leaveToImmich(declared) : declared,
		store,
		settings,
		log,
		isHeld: () => maintenance.mode.isOn
	});
	maintenance.listen({ onSwitch: (isOn) => (isOn ? queues.interrupt() : queues.wakeAll()) });
	for (const feature of others) feature.useQueue?.(queues.add);
	return {
		services: { queue: new QueueService({ store, queues, settings, log }) },
		stop: { name: 'jobs', run: () => queues.stop() },
		start: () => queues.start()
	} satisfies Feature;
}
