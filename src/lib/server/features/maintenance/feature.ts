import type { SessionRepositories } from '#lib/server/features/sessions/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { InstallService } from './install.service.ts';
import { MaintenanceService } from './maintenance.service.ts';
import { MaintenanceMode, type MaintenanceListeners } from './mode.ts';
import type { MaintenanceStore } from './repositories.ts';

export async function createMaintenance({ store, env, log }: Platform<MaintenanceStore & SessionRepositories>) {
	await store.transaction(({ maintenance }) => maintenance.protect());
	const listeners: Partial<MaintenanceListeners>[] = [];
	const mode = new MaintenanceMode(store, log, {
		onSwitch: (isOn) => listeners.forEach((each) => each.onSwitch?.(isOn)),
		onRead: () => listeners.forEach((each) => each.onRead?.())
	});
	return {
		mode,
		listen: (added: Partial<MaintenanceListeners>): void => void listeners.push(added),
		services: {
			maintenance: new MaintenanceService({ mode, sessions: store.sessions, log }),
			install: new InstallService(env.dataDir)
		},
		changes: { maintenance: () => mode.reload() },
		stop: { name: 'maintenance', run: () => mode.stop() }
	} satisfies Feature;
}

export type MaintenanceFeature = Awaited<ReturnType<typeof createMaintenance>>;
