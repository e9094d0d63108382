import type { z } from 'zod';
import {
	longestNotificationList,
	type Notification,
	type NotificationCreateDto,
	type NotificationPage,
	type NotificationPageQuery,
	type NotificationUpdateAllDto,
	type NotificationUpdateDto
} from '#lib/contract/notifications/notification.ts';
import { requireAccess, requireLiveAdmin } from '#lib/server/features/access/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { notificationNotFound } from './errors.ts';
import { requireUser } from '#lib/server/platform/errors.ts';
import type { NotificationFilter } from './notification.repository.ts';
import type { NotificationStore } from './repositories.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { timeOrder } from '#lib/server/platform/paging/cursor.ts';
import { keysetPage, pageStart } from '#lib/server/platform/paging/keyset-page.ts';
import { toNotificationDto } from './notification-dto.ts';

interface Dependencies {
	readonly store: NotificationStore;
}

type Changes = z.output<typeof NotificationUpdateDto>;

const pageSize = 20;
/** Unread notifications are counted up to this number. */
const countedUnread = 10;

/** Notifications: users read their own, admins send them. */
export class NotificationService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Lists the newest matches. */
	async list(auth: Auth, filter: NotificationFilter): Promise<Notification[]> {
		const rows = await this.#deps.store.notifications.list(auth.user.id, filter, longestNotificationList);
		return rows.map(toNotificationDto);
	}

	/** Lists the caller's notifications, paginated by keyset. */
	async page(auth: Auth, query: NotificationPageQuery): Promise<NotificationPage> {
		const { notifications } = this.#deps.store;
		const isUnreadOnly = query.show === 'unread';
		const start = pageStart(query, timeOrder);
		const [total, found] = await Promise.all([
			notifications.count(auth.user.id, isUnreadOnly),
			notifications.listPage(auth.user.id, { ...start, isUnreadOnly, limit: pageSize + 1 })
		]);
		const { rows, ...page } = keysetPage(start, { found, size: pageSize, total });
		return { notifications: rows.map(toNotificationDto), ...page };
	}

	/** Counts unread notifications, up to ten. */
	countUnread(auth: Auth): Promise<number> {
		return this.#deps.store.notifications.countUnread(auth.user.id, countedUnread);
	}

	/**
	 * Returns one of the caller's own notifications.
	 * @throws {AppError} 400 if there is no such notification
	 */
	async get(auth: Auth, id: string): Promise<Notification> {
		await requireAccess(this.#deps.store, { auth, permission: 'notification.read', ids: [id] });
		return this.#find(auth, id);
	}

	/** Marks one as read or unread; does nothing if neither is given. */
	async update(auth: Auth, id: string, { readAt }: Changes): Promise<Notification> {
		await this.updateAll(auth, { ids: [id], readAt });
		return this.#find(auth, id);
	}

	/** The same for several, all of which must be the caller's. */
	async updateAll(auth: Auth, { ids, readAt }: z.output<typeof NotificationUpdateAllDto>): Promise<void> {
		const { store } = this.#deps;
		await requireAccess(store, { auth, permission: 'notification.update', ids });
		if (readAt === undefined) return;
		await store.notifications.setRead(auth.user.id, ids, readAt === null ? null : new Date(readAt));
	}

	/** Marks the caller's notifications up to a time as read. */
	async readAll(auth: Auth, until: string | undefined): Promise<void> {
		await this.#deps.store.notifications.setAllRead(auth.user.id, until === undefined ? undefined : new Date(until));
	}

	/** Deletes some, all of which must be the caller's. */
	async delete(auth: Auth, ids: readonly string[]): Promise<void> {
		await requireAccess(this.#deps.store, { auth, permission: 'notification.delete', ids });
		await this.#deps.store.notifications.delete(auth.user.id, ids);
	}

	/** Deletes all that the caller has read. */
	async deleteRead(auth: Auth): Promise<void> {
		await this.#deps.store.notifications.deleteRead(auth.user.id);
	}

	/**
	 * Sends a notification to a user. The audit log records it without its text.
	 * @throws {AppError} 400 if there is no such user
	 */
	async create(auth: Auth, dto: z.output<typeof NotificationCreateDto>): Promise<Notification> {
		const { userId, title, level, type, description = null, data = null } = dto;
		const row = await this.#deps.store.transaction(async (repositories) => {
			const { users, notifications, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			const subject = requireUser(await users.find(userId));
			const made = await notifications.create(userId, { level, type, title, description, data });
			const object = { kind: 'notification', id: made.id } as const;
			await audit.record(buildAuditEntry(auth, { action: 'notification.send', subject, object }));
			return made;
		});
		return toNotificationDto(row);
	}

	async #find(auth: Auth, id: string): Promise<Notification> {
		const row = await this.#deps.store.notifications.find(auth.user.id, id);
		if (!row) throw notificationNotFound();
		return toNotificationDto(row);
	}
}
