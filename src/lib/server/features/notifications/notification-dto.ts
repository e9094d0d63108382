import { z } from 'zod';
import { notificationLevels, notificationTypes, type Notification } from '#lib/contract/notifications/notification.ts';
import type { NotificationRow } from './notification.repository.ts';

// Another program on the same database may use more values; clients know only these.
const Level = z.enum(notificationLevels).catch('info');
const Type = z.enum(notificationTypes).catch('Custom');
const Data = z.record(z.string(), z.unknown());

/** Converts a notification to its DTO; unset fields are omitted. */
export function toNotificationDto({ id, createdAt, title, ...row }: NotificationRow): Notification {
	const { data } = Data.safeParse(row.data);
	return {
		id,
		createdAt: createdAt.toISOString(),
		level: Level.parse(row.level),
		type: Type.parse(row.type),
		title,
		...(row.description !== null && { description: row.description }),
		...(data && { data }),
		...(row.readAt && { readAt: row.readAt.toISOString() })
	};
}
