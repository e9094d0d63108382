import { consoleEventsPath, immichEventsPath } from '#lib/contract/realtime/live-events.ts';
import type { AssetRepositories } from '#lib/server/features/assets/index.ts';
import type { ApiKeyRepositories } from '#lib/server/features/api-keys/index.ts';
import type { MaintenanceFeature } from '#lib/server/features/maintenance/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { ServerInfoFeature } from '#lib/server/features/server-info/index.ts';
import type { SessionsFeature } from '#lib/server/features/sessions/index.ts';
import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { ConnectionOwners } from './connection-owners.ts';
import { Gateway } from './gateway.ts';

interface Needed {
	readonly settings: SettingsFeature;
	readonly sessions: SessionsFeature;
	readonly maintenance: MaintenanceFeature;
	readonly serverInfo: ServerInfoFeature;
}

export function createRealtime(
	{ store, env, log }: Platform<ApiKeyRepositories & NotificationRepositories & Pick<AssetRepositories, 'assets'>>,
	{ settings, sessions: { sessions, authenticator }, maintenance, serverInfo }: Needed
) {
	const eventsPath = env.upstreamUrl === undefined ? immichEventsPath : consoleEventsPath;
	const gateway = new Gateway({
		path: eventsPath,
		authenticator,
		owners: new ConnectionOwners(sessions, store.apiKeys),
		mode: maintenance.mode,
		maintenance: maintenance.services.maintenance,
		server: serverInfo.services.server,
		notifications: store.notifications,
		assets: store.assets,
		releases: serverInfo.releases,
		log
	});
	settings.reader.onChange(() => gateway.onSettings());
	maintenance.listen({
		onSwitch: (isOn) => gateway.onMaintenance(isOn),
		onRead: () => gateway.onMaintenancePlan()
	});
	serverInfo.onRelease((release) => gateway.onRelease(release));
	return {
		gateway,
		eventsPath,
		changes: {
			people: (userId) => gateway.onUser(userId),
			accounts: (deletedIds) => gateway.onUserList(deletedIds),
			notifications: (userId, id) => gateway.onNotification(userId, id),
			assets: (change) => gateway.onAssets(change),
			albums: (albumId, userIds) => gateway.onAlbum(albumId, userIds)
		},
		stop: { name: 'websockets', run: () => gateway.stop() }
	} satisfies Feature;
}
