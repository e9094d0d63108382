import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { NotificationCleaner } from './notification-cleaner.ts';
import { NotificationService } from './notification.service.ts';
import type { NotificationStore } from './repositories.ts';

export function createNotifications({ store, log }: Platform<NotificationStore>) {
	const cleaner = new NotificationCleaner(store, log);
	return {
		services: { notification: new NotificationService({ store }) },
		stop: { name: 'notifications', run: () => cleaner.stop() },
		start: () => cleaner.start()
	} satisfies Feature;
}
