import type { z } from 'zod';
import type { Asset } from '#lib/contract/assets/asset.ts';
import type { AssetBulkUpdateDto, AssetUpdate } from '#lib/contract/assets/asset-operations.ts';
import { noAccess, requireAccess, requireLive } from '#lib/server/features/access/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { isElevated, type Auth } from '#lib/server/platform/caller/caller.ts';
import { toAssetDto } from './asset-dto.ts';
import type { AssetJobs } from './asset-jobs.ts';
import type { AssetChanges, ExifChanges } from './asset.repository.ts';
import { noMotionPart } from './errors.ts';
import type { AssetStore } from './repositories.ts';

interface Dependencies {
	readonly store: AssetStore;
	readonly jobs: AssetJobs;
}

type Change = Omit<AssetUpdate, 'livePhotoVideoId'> & {
	readonly livePhotoVideoId?: string | null | undefined;
	readonly dateTimeRelative?: number | undefined;
};
type Repositories = Parameters<Parameters<AssetStore['transaction']>[0]>[0];

/** A change of tens of thousands of rows takes longer than others. */
const limits = { timeout: 60_000 };

/** Reads and changes photos and videos. */
export class AssetService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** @throws {AppError} 400 without access */
	async get(auth: Auth, id: string): Promise<Asset> {
		const { store } = this.#deps;
		await requireAccess(store, { auth, permission: 'asset.read', ids: [id] });
		const row = await store.assets.find(id);
		if (!row) throw noAccess('asset.read');
		return toAssetDto(row, auth);
	}

	/** @throws {AppError} 400 without access, or for a motion part that isn't the owner's video */
	async update(auth: Auth, id: string, change: AssetUpdate): Promise<Asset> {
		await this.#change(auth, [id], change);
		const row = await this.#deps.store.assets.find(id);
		if (!row) throw noAccess('asset.update');
		return toAssetDto(row, auth);
	}

	/** @throws {AppError} 400 without access to any of them */
	async updateAll(auth: Auth, { ids, ...change }: z.output<typeof AssetBulkUpdateDto>): Promise<void> {
		await this.#change(auth, ids, change);
	}

	/**
	 * Moves assets with their motion parts to the trash, or deletes them permanently.
	 * @throws {AppError} 400 without access to any of them
	 */
	async delete(auth: Auth, ids: readonly string[], force: boolean): Promise<void> {
		if (ids.length === 0) return;
		await this.#deps.store.transaction(async (repositories) => {
			const { assetTrash, audit } = repositories;
			const all = await this.#require(repositories, auth, 'asset.delete', ids);
			const count = force ? await assetTrash.markDeleted(all) : (await assetTrash.trash(all)).length;
			if (count === 0) return;
			await audit.record(
				buildAuditEntry(auth, { action: force ? 'asset.delete' : 'asset.trash', object: toObject(ids) })
			);
		}, limits);
		if (force) await this.#deps.jobs.deleted();
	}

	/**
	 * Restores assets with their motion parts; those that aren't in the trash stay as they are.
	 * @throws {AppError} 400 without access to any of them
	 */
	async restore(auth: Auth, ids: readonly string[]): Promise<{ count: number }> {
		if (ids.length === 0) return { count: 0 };
		return this.#deps.store.transaction(async (repositories) => {
			const { assetTrash, audit } = repositories;
			const all = await this.#require(repositories, auth, 'asset.delete', ids);
			const count = (await assetTrash.restore(all)).length;
			if (count > 0) await audit.record(buildAuditEntry(auth, { action: 'asset.restore', object: toObject(ids) }));
			return { count };
		}, limits);
	}

	/** Restores the caller's whole trash. */
	restoreTrash(auth: Auth): Promise<{ count: number }> {
		return this.#deps.store.transaction(async (repositories) => {
			const { assetTrash, audit } = repositories;
			await requireLive(repositories, auth);
			const count = await assetTrash.restoreAll(auth.user.id, isElevated(auth));
			if (count > 0) await audit.record(buildAuditEntry(auth, { action: 'asset.restore', object: toCounted(count) }));
			return { count };
		}, limits);
	}

	/** Permanently deletes the caller's whole trash. */
	async emptyTrash(auth: Auth): Promise<{ count: number }> {
		const result = await this.#deps.store.transaction(async (repositories) => {
			const { assetTrash, audit } = repositories;
			await requireLive(repositories, auth);
			const count = await assetTrash.markTrashDeleted(auth.user.id, isElevated(auth));
			if (count > 0) await audit.record(buildAuditEntry(auth, { action: 'asset.delete', object: toCounted(count) }));
			return { count };
		}, limits);
		if (result.count > 0) await this.#deps.jobs.deleted();
		return result;
	}

	async #change(auth: Auth, ids: readonly string[], change: Change): Promise<void> {
		const { isFavorite, visibility, livePhotoVideoId, dateTimeRelative } = change;
		const exif = toExif(change);
		const own: AssetChanges = {
			...(isFavorite !== undefined && { isFavorite }),
			...(livePhotoVideoId !== undefined && { livePhotoVideoId }),
			...toTime(change)
		};
		const isNothing =
			[own, exif].every((each) => Object.keys(each).length === 0) && visibility === undefined && !dateTimeRelative;
		if (ids.length === 0) return;
		await this.#deps.store.transaction(async (repositories) => {
			const { assets, audit } = repositories;
			const all = await this.#require(repositories, auth, 'asset.update', ids);
			if (isNothing) return;
			if (livePhotoVideoId != null) await this.#attachMotionPart(repositories, auth, livePhotoVideoId);
			await assets.update(ids, own);
			await assets.updateExif(ids, exif);
			if (dateTimeRelative) await assets.shiftTime(ids, dateTimeRelative);
			if (visibility !== undefined) await this.#show(repositories, { ids, all, visibility });
			await audit.record(buildAuditEntry(auth, { action: 'asset.update', object: toObject(ids) }));
		}, limits);
	}

	/** A motion part is hidden beside its photo, except that it is locked with it. */
	async #show(
		{ assets }: Repositories,
		{ ids, all, visibility }: { ids: readonly string[]; all: readonly string[]; visibility: Asset['visibility'] }
	): Promise<void> {
		const named = new Set(ids.map((id) => id.toLowerCase()));
		const motionParts = all.filter((id) => !named.has(id));
		await assets.update(ids, { visibility });
		await assets.update(motionParts, { visibility: visibility === 'locked' ? 'locked' : 'hidden' });
		if (visibility === 'locked') await assets.unshare(all);
	}

	async #attachMotionPart(repositories: Repositories, auth: Auth, videoId: string): Promise<void> {
		await requireAccess(repositories, { auth, permission: 'asset.update', ids: [videoId] });
		if (!(await repositories.assets.isVideoOf(videoId, auth.user.id))) throw noMotionPart();
		await repositories.assets.update([videoId], { visibility: 'hidden' });
	}

	/** Checks access to the assets in this transaction, and returns them with their motion parts. */
	async #require(
		repositories: Repositories,
		auth: Auth,
		permission: 'asset.update' | 'asset.delete',
		ids: readonly string[]
	): Promise<string[]> {
		await requireLive(repositories, auth);
		await requireAccess(repositories, { auth, permission, ids });
		return repositories.assets.withMotionParts(ids);
	}
}

function toExif({ description, rating, dateTimeOriginal, latitude, longitude }: Change): ExifChanges {
	return {
		...(description !== undefined && { description }),
		...(rating !== undefined && { rating }),
		...(latitude !== undefined && { latitude, city: null, state: null, country: null }),
		...(longitude !== undefined && { longitude }),
		...(dateTimeOriginal !== undefined && { dateTimeOriginal: new Date(withOffset(dateTimeOriginal)) })
	};
}

const offsetPattern = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;
/** A time without an offset is taken as UTC, not as the server's. */
const withOffset = (moment: string): string => (offsetPattern.test(moment) ? moment : `${moment}Z`);

function toTime({ dateTimeOriginal }: Change): AssetChanges {
	if (dateTimeOriginal === undefined) return {};
	return {
		fileCreatedAt: new Date(withOffset(dateTimeOriginal)),
		localDateTime: new Date(`${dateTimeOriginal.replace(offsetPattern, '')}Z`)
	};
}

/** Names what was changed for the audit log: one by its ID, several by their number. */
const toObject = (ids: readonly string[]) =>
	({ kind: 'asset', id: ids.length === 1 ? (ids[0] ?? null) : null, label: toCounted(ids.length).label }) as const;

const toCounted = (count: number) =>
	({ kind: 'asset', id: null, label: count === 1 ? 'one item' : `${count} items` }) as const;
