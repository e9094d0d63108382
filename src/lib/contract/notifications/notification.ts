import { z } from 'zod';
import { dateTime, idParams, pageFields, queryBoolean, sentMoment, uuid } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';

export const notificationLevels = ['success', 'error', 'warning', 'info'] as const;
export type NotificationLevel = (typeof notificationLevels)[number];

export const notificationTypes = [
	'JobFailed',
	'BackupFailed',
	'SystemMessage',
	'AlbumInvite',
	'AlbumUpdate',
	'ClusterGroupRequest',
	'Custom'
] as const;
export type NotificationType = (typeof notificationTypes)[number];

const level = z.enum(notificationLevels);
const type = z.enum(notificationTypes);
const data = z.record(z.string(), z.unknown());
const readAt = sentMoment.nullable();

export const NotificationDto = z
	.object({
		id: z.string(),
		createdAt: dateTime,
		level,
		type,
		title: z.string(),
		description: z.string().optional(),
		data: data.optional(),
		/** Absent while unread. */
		readAt: dateTime.optional()
	})
	.meta({ id: 'NotificationDto' });
export type Notification = z.output<typeof NotificationDto>;

/** Maximum nesting depth; PostgreSQL's JSON parser has a limit. */
const deepestData = 50;
const isShallow = (value: unknown, depth = 0): boolean =>
	typeof value !== 'object' ||
	value === null ||
	(depth < deepestData && Object.values(value).every((inner) => isShallow(inner, depth + 1)));

export const NotificationCreateDto = z
	.object({
		level: level.default('info'),
		type: type.default('Custom'),
		title: z.string().max(20_000),
		description: z.string().max(20_000).nullable().optional(),
		data: data
			.refine((value) => isShallow(value), { error: 'Invalid input: nested too deeply' })
			// Free-form data for programs, limited only by the body size.
			.meta({ 'x-limitedByBody': true })
			.optional(),
		/** Accepted and ignored, as in Immich: a new notification is unread. */
		readAt: readAt.optional(),
		userId: uuid
	})
	.meta({ id: 'NotificationCreateDto' });

/** More than are ever listed. */
const ids = z.array(uuid).min(1).max(1_000);
export const NotificationUpdateDto = z.object({ readAt: readAt.optional() }).meta({ id: 'NotificationUpdateDto' });
export const NotificationUpdateAllDto = z
	.object({ ids, readAt: readAt.optional() })
	.meta({ id: 'NotificationUpdateAllDto' });
export const NotificationDeleteAllDto = z.object({ ids }).meta({ id: 'NotificationDeleteAllDto' });

/** Maximum number of notifications listed, newest first; cleanup after 30 days usually keeps fewer. */
export const longestNotificationList = 500;

/** The page's query parameters; invalid values are ignored. */
export const NotificationPageQuery = z.object({
	show: z.enum(['all', 'unread']).catch('all').default('all'),
	...pageFields
});
export type NotificationPageQuery = z.output<typeof NotificationPageQuery>;

export interface NotificationPage {
	readonly notifications: readonly Notification[];
	readonly total: number;
	readonly offset: number | null;
	readonly next: string | null;
	readonly previous: string | null;
}

const page = '/(console)/account/notifications';
const chosen = {
	fields: z.object({ notification: uuid }),
	toParams: ({ notification }: { notification: string }) => ({ id: notification })
};
const canRead = { permission: 'notification.read' } as const;
const canUpdate = { permission: 'notification.update' } as const;
const canDelete = { permission: 'notification.delete' } as const;

export const notificationOperations = defineOperations({
	getNotifications: {
		summary: 'List your notifications, newest first',
		rest: 'GET /api/notifications',
		access: canRead,
		query: z.object({
			id: uuid.optional(),
			level: level.optional(),
			type: type.optional(),
			unread: queryBoolean.optional()
		}),
		reply: z.array(NotificationDto)
	},
	updateNotifications: {
		summary: 'Mark some of your notifications as read or unread',
		rest: 'PUT /api/notifications',
		access: canUpdate,
		body: NotificationUpdateAllDto,
		status: 204
	},
	deleteNotifications: {
		summary: 'Delete some of your notifications',
		rest: 'DELETE /api/notifications',
		access: canDelete,
		body: NotificationDeleteAllDto,
		status: 204
	},
	readAllNotifications: {
		summary: 'Mark all notifications up to a given time as read',
		rest: 'POST /api/notifications/read-all',
		form: defineForm({
			at: `${page}?/readAll`,
			fields: z.object({ until: sentMoment }),
			toBody: ({ until }) => ({ until })
		}),
		access: canUpdate,
		body: z
			.object({
				/** Later notifications may not have been seen and stay unread. */
				until: sentMoment.optional()
			})
			.meta({ id: 'NotificationReadAllDto' }),
		status: 204
	},
	deleteReadNotifications: {
		summary: 'Delete all read notifications',
		rest: 'DELETE /api/notifications/read',
		form: defineForm({ at: `${page}?/deleteRead`, fields: z.object({}) }),
		access: canDelete,
		status: 204
	},
	getNotification: {
		summary: 'Get one of your notifications',
		rest: 'GET /api/notifications/[id]',
		access: canRead,
		params: idParams,
		reply: NotificationDto
	},
	updateNotification: {
		summary: 'Mark one of your notifications as read or unread',
		rest: 'PUT /api/notifications/[id]',
		form: defineForm({
			at: `${page}?/mark`,
			fields: chosen.fields.extend({ isRead: z.boolean() }),
			toParams: chosen.toParams,
			toBody: ({ isRead }) => ({ readAt: isRead ? new Date().toISOString() : null })
		}),
		access: canUpdate,
		params: idParams,
		body: NotificationUpdateDto,
		reply: NotificationDto
	},
	deleteNotification: {
		summary: 'Delete one of your notifications',
		rest: 'DELETE /api/notifications/[id]',
		form: defineForm({ at: `${page}?/delete`, ...chosen }),
		access: canDelete,
		params: idParams,
		status: 204
	},
	createNotification: {
		summary: 'Send a notification to one account',
		rest: 'POST /api/admin/notifications',
		form: defineForm({
			at: '/(console)/admin/users/[id=uuid]/message?/default',
			fields: z.object({
				user: uuid,
				title: z.string().trim().min(1, 'Enter a title').max(200),
				description: z.string().trim().max(5_000),
				level
			}),
			toBody: ({ user, title, description, level: chosenLevel }) => ({
				userId: user,
				title,
				description: description === '' ? null : description,
				level: chosenLevel
			})
		}),
		access: { admin: true },
		body: NotificationCreateDto,
		reply: NotificationDto,
		status: 201
	}
});
