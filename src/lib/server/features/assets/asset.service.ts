import type { z } from 'zod';
import type { Asset } from '#lib/contract/assets/asset.ts';
import type { AssetBulkUpdateDto, AssetUpdate } from '#lib/contract/assets/asset-operations.ts';
import { noAccess, requireAccess, requireLive } from '#lib/server/features/access/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { isElevated, type Auth } from '#lib/server/platform/caller/caller.ts';
import { toAssetDto } from './asset-dto.ts';
import type { AssetJobs } from './asset-jobs.ts';
import { toCounted, toObject } from './audit-object.ts';
import type { AssetChanges, ExifChanges } from './asset.repository.ts';
import { invalidTime, invalidTimeZone, noMotionPart } from './errors.ts';
import type { AssetStore } from './repositories.ts';

interface Dependencies {
	readonly store: AssetStore;
	readonly jobs: AssetJobs;
}

type BulkChange = Omit<z.output<typeof AssetBulkUpdateDto>, 'ids'>;
type Change = BulkChange & Pick<AssetUpdate, 'livePhotoVideoId'>;
type Repositories = Parameters<Parameters<AssetStore['transaction']>[0]>[0];

/** A change of tens of thousands of rows takes longer than others. */
const limits = { timeout: 60_000 };

/** Reads and changes photos and videos. */
export class AssetService {
	readonly #deps: Dependencies;
	/** Known time zones, read when they are first needed. */
	#timeZones: Promise<ReadonlySet<string>> | null = null;

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

	/** @throws {AppError} 400 without access, for a motion part that isn't the owner's video, or for an extreme time */
	async update(auth: Auth, id: string, change: AssetUpdate): Promise<Asset> {
		await this.#change(auth, [id], change);
		const row = await this.#deps.store.assets.find(id);
		if (!row) throw noAccess('asset.update');
		return toAssetDto(row, auth);
	}

	/** @throws {AppError} 400 without access to any of them, for an unknown time zone, or for an extreme time */
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
			const count = force ? await assetTrash.markDeleted(all) : await assetTrash.trash(all);
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
			const count = await assetTrash.restore(all);
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
		const { isFavorite, visibility, livePhotoVideoId, duplicateId, dateTimeRelative, timeZone } = change;
		const exif = toExif(change);
		const own: AssetChanges = {
			...(isFavorite !== undefined && { isFavorite }),
			...(duplicateId !== undefined && { duplicateId }),
			...toTime(change)
		};
		const isNothing =
			[own, exif].every((each) => Object.keys(each).length === 0) &&
			[visibility, livePhotoVideoId].every((value) => value === undefined) &&
			!dateTimeRelative;
		if (ids.length === 0) return;
		if (timeZone !== undefined) await this.#requireTimeZone(timeZone);
		await this.#deps.store.transaction(async (repositories) => {
			const { assets, audit } = repositories;
			// Albums are locked before their photos, as by those who add photos.
			const albumIds = visibility === 'locked' ? await lockAlbums(repositories, auth, ids) : [];
			const all = await this.#require(repositories, auth, 'asset.update', ids);
			if (isNothing) return;
			if (livePhotoVideoId !== undefined) await setMotionPart(repositories, auth, ids[0] ?? '', livePhotoVideoId);
			await assets.update(ids, own);
			await assets.updateExif(ids, exif);
			await moveTime(repositories, ids, change);
			if (visibility !== undefined) await show(repositories, { ids, all, visibility, albumIds, auth });
			if (visibility !== 'locked') await assets.announce('update', ids);
			await audit.record(buildAuditEntry(auth, { action: 'asset.update', object: toObject(ids) }));
		}, limits);
	}

	async #requireTimeZone(name: string): Promise<void> {
		this.#timeZones ??= this.#deps.store.assets
			.listTimeZones()
			.then((names) => new Set(names))
			.catch((error: unknown) => {
				this.#timeZones = null;
				throw error;
			});
		if (!(await this.#timeZones).has(name)) throw invalidTimeZone();
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

/** Locks the albums that contain these assets of the caller, and returns them. */
async function lockAlbums({ albums }: Repositories, { user }: Auth, assetIds: readonly string[]): Promise<string[]> {
	const ids = await albums.listContaining(assetIds, user.id);
	await albums.lock(ids);
	return ids;
}

/** The former motion part of a photo becomes a video of its own. */
async function setMotionPart(
	repositories: Repositories,
	auth: Auth,
	photoId: string,
	videoId: string | null
): Promise<void> {
	const { assets } = repositories;
	const before = await assets.findMotionPart(photoId);
	if (before === videoId) return;
	if (videoId !== null) {
		await requireAccess(repositories, { auth, permission: 'asset.update', ids: [videoId] });
		if (videoId === photoId || !(await assets.isVideoOf(videoId, auth.user.id))) throw noMotionPart();
		await assets.announce('hide', [videoId]);
		await assets.update([videoId], { visibility: 'hidden' });
	}
	await assets.update([photoId], { livePhotoVideoId: videoId });
	if (before === null) return;
	await assets.showBeside(before, photoId);
	await assets.announce('upload', [before]);
}

/** @throws {AppError} 400 if an asset's time would then be one that clients can't show */
async function moveTime(
	{ assets }: Repositories,
	ids: readonly string[],
	{ dateTimeOriginal, dateTimeRelative, timeZone }: Change
): Promise<void> {
	if (dateTimeRelative) await assets.shiftTime(ids, dateTimeRelative);
	if (timeZone !== undefined) await assets.setTimeZone(ids, timeZone);
	const isMoved = dateTimeOriginal !== undefined || timeZone !== undefined || Boolean(dateTimeRelative);
	if (isMoved && !(await assets.areTimesShowable(ids))) throw invalidTime();
}

interface Shown {
	readonly ids: readonly string[];
	/** The same with their motion parts. */
	readonly all: readonly string[];
	readonly visibility: Asset['visibility'];
	/** The albums that contain them. */
	readonly albumIds: readonly string[];
	readonly auth: Auth;
}

/** A motion part is hidden beside its photo, except that it is locked with it. */
async function show({ assets, albums }: Repositories, { ids, all, visibility, albumIds, auth }: Shown): Promise<void> {
	const named = new Set(ids);
	const motionParts = all.filter((id) => !named.has(id));
	if (visibility === 'locked') await assets.announce('hide', ids);
	await assets.update(ids, { visibility });
	await assets.update(motionParts, { visibility: visibility === 'locked' ? 'locked' : 'hidden' });
	if (visibility !== 'locked') return;
	await assets.unshare(all);
	await albums.touch(albumIds, []);
	await albums.announce(albumIds, auth.user.id);
}

function toExif({ description, rating, dateTimeOriginal, latitude, longitude, timeZone }: Change): ExifChanges {
	const zone = timeZone ?? (dateTimeOriginal === undefined ? undefined : readTimeZone(dateTimeOriginal));
	return {
		...(zone !== undefined && { timeZone: zone }),
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

/** Names the offset of a time as Immich does, such as `UTC+2`; undefined without one. */
function readTimeZone(moment: string): string | undefined {
	const [offset] = offsetPattern.exec(moment) ?? [];
	if (offset === undefined) return undefined;
	const [, sign = '', hours = '', minutes = '00'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? [];
	if (Number(hours) === 0 && Number(minutes) === 0) return 'UTC';
	return `UTC${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`;
}

function toTime({ dateTimeOriginal }: Change): AssetChanges {
	if (dateTimeOriginal === undefined) return {};
	return {
		fileCreatedAt: new Date(withOffset(dateTimeOriginal)),
		localDateTime: new Date(`${dateTimeOriginal.replace(offsetPattern, '')}Z`)
	};
}
