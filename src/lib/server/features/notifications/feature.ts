import type { AccessFeature } from '#lib/server/features/access/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { NotificationCleaner } from './notification-cleaner.ts';
import { NotificationService } from './notification.service.ts';
import type { NotificationStore } from './repositories.ts';

interface Needed {
	readonly access: AccessFeature;
}

export function createNotifications({ store, log }: Platform<NotificationStore>, { access }: Needed) {
	const cleaner = new NotificationCleaner(store, log);
	return {
		services: { notification: new NotificationService({ store, access: access.owned }) },
		stop: { name: 'notifications', run: () => cleaner.stop() },
		start: () => cleaner.start()
	} satisfies Feature;
}
