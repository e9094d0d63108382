import type { z } from 'zod';
import type { Activity, ActivityCreateDto, ActivityQuery } from '#lib/contract/activities/activity.ts';
import { noAccess, requireAccess, requireLive } from '#lib/server/features/access/index.ts';
import { changeAlbum } from '#lib/server/features/albums/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { toUserDto } from '#lib/server/features/users/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { ActivityCounts, ActivityRow } from './activity.repository.ts';
import type { ActivityStore } from './repositories.ts';

/** A comment or like, and whether it was made now. */
type Made = Activity & { readonly isNew: boolean };

/** How many comments and likes a page shows. */
const shownOnPage = 200;

/** Comments and likes in albums. Source: docs/wire-reference/albums.md#activity. */
export class ActivityService {
	readonly #store: ActivityStore;

	constructor(store: ActivityStore) {
		this.#store = store;
	}

	/**
	 * Lists the comments and likes of an album, oldest first.
	 * @throws {AppError} 400 without access to the album
	 */
	async list(auth: Auth, query: ActivityQuery): Promise<Activity[]> {
		await this.#requireAlbum(auth, query.albumId);
		return (await this.#store.activities.list(query)).map(toDto);
	}

	/**
	 * Lists the newest ones, oldest first.
	 * @throws {AppError} 400 without access to the album
	 */
	async listRecent(auth: Auth, query: ActivityQuery): Promise<Activity[]> {
		await this.#requireAlbum(auth, query.albumId);
		return (await this.#store.activities.list(query, shownOnPage)).map(toDto);
	}

	/**
	 * Counts the comments and likes of an album, or of a photo in it.
	 * @throws {AppError} 400 without access to the album
	 */
	async count(auth: Auth, query: Pick<ActivityQuery, 'albumId' | 'assetId'>): Promise<ActivityCounts> {
		await this.#requireAlbum(auth, query.albumId);
		return this.#store.activities.count(query);
	}

	async #requireAlbum(auth: Auth, albumId: string): Promise<void> {
		await requireAccess(this.#store, { auth, permission: 'album.read', ids: [albumId] });
	}

	/**
	 * Comments on an album or a photo in it, or likes it; what is liked already stays liked.
	 * @throws {AppError} 400 without access, while activity is off, or for a photo that isn't in the album
	 */
	create(auth: Auth, dto: z.output<typeof ActivityCreateDto>): Promise<Made> {
		const permission = 'activity.create';
		const { albumId } = dto;
		const assetId = dto.assetId ?? null;
		// An empty comment of a like is none.
		const comment = dto.comment || null;
		return changeAlbum(this.#store, { auth, permission, id: albumId }, async (repositories) => {
			const { activities, albumAssets, audit } = repositories;
			if (assetId !== null && !(await albumAssets.isShown(albumId, assetId))) throw noAccess(permission);
			const activity = { albumId, assetId, comment, userId: auth.user.id };
			const liked = comment === null ? await activities.findLike(activity) : null;
			const id = liked ?? (await activities.create(activity));
			const row = await activities.find(id);
			if (!row) throw noAccess(permission);
			if (liked === null)
				await audit.record(buildAuditEntry(auth, { action: 'activity.create', object: { kind: 'activity', id } }));
			return { ...toDto(row), isNew: liked === null };
		});
	}

	/**
	 * Removes the caller's own comment or like, or any in the caller's own album.
	 * @throws {AppError} 400 without access
	 */
	async delete(auth: Auth, id: string): Promise<void> {
		await this.#store.transaction(async (repositories) => {
			const { users, activities, audit } = repositories;
			await users.lock(auth.user.id);
			await requireLive(repositories, auth);
			await requireAccess(repositories, { auth, permission: 'activity.delete', ids: [id] });
			const row = await activities.find(id);
			if (!row || !(await activities.delete(id))) throw noAccess('activity.delete');
			const subject = { id: row.userId, name: row.name, email: row.email };
			await audit.record(
				buildAuditEntry(auth, { action: 'activity.delete', subject, object: { kind: 'activity', id } })
			);
		});
	}
}

const toDto = ({ id, createdAt, assetId, comment, userId, ...author }: ActivityRow): Activity => ({
	id,
	createdAt: createdAt.toISOString(),
	type: comment === null ? 'like' : 'comment',
	user: toUserDto({ ...author, id: userId }),
	assetId,
	comment
});
