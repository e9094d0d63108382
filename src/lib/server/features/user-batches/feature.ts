import type { MaintenanceFeature } from '#lib/server/features/maintenance/index.ts';
import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { UserBatchStore } from './repositories.ts';
import { UserBatchRunner } from './user-batch-runner.ts';
import { UserBatchService } from './user-batch.service.ts';

interface Needed {
	readonly settings: SettingsFeature;
	readonly maintenance: MaintenanceFeature;
}

export function createUserBatches(
	{ store, passwords, log }: Platform<UserBatchStore>,
	{ settings, maintenance: { mode } }: Needed
) {
	const runner = new UserBatchRunner({
		store,
		passwords,
		settings: settings.reader,
		log,
		isPaused: () => mode.isOn
	});
	return {
		services: { userBatch: new UserBatchService({ store, runner, log }) },
		cleanup: { batches: () => store.batches.tidy() },
		stop: { name: 'user batches', run: () => runner.stop() },
		start: () => runner.watch()
	} satisfies Feature;
}
