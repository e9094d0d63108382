import type { MaintenanceFeature } from '#lib/server/features/maintenance/index.ts';
import type { ProfileImagesFeature } from '#lib/server/features/profile-images/index.ts';
import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { JobQueues } from './job-queues.ts';
import { jobRegistry } from './job-registry.ts';
import { QueueService } from './queue.service.ts';
import type { JobStore } from './repositories.ts';

interface Needed {
	readonly settings: SettingsFeature;
	readonly maintenance: MaintenanceFeature;
	readonly profileImages: ProfileImagesFeature;
}

export function createJobs(
	{ store, pool, env, log }: Platform<JobStore>,
	{ settings: { reader: settings }, maintenance: { mode }, profileImages: { files } }: Needed
) {
	const queues = new JobQueues({
		pool,
		table: jobRegistry,
		tools: { store, settings, files, log, versionUrl: env.versionUrl },
		log,
		isHeld: () => mode.isOn
	});
	mode.onStart(() => queues.interrupt());
	return {
		services: { queue: new QueueService({ store, queues, settings, log }) },
		stop: { name: 'jobs', run: () => queues.stop() },
		start: () => queues.start()
	} satisfies Feature;
}
