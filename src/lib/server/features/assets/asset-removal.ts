import { dayMs } from '#lib/contract/day.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { JobHandler } from '#lib/server/platform/job.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { AssetFiles, FoundFile } from './asset-files.ts';
import type { AssetStore } from './repositories.ts';

interface Dependencies {
	readonly store: AssetStore;
	readonly files: AssetFiles;
	readonly settings: SettingsReader;
	readonly log: Log;
}

interface OrphanDependencies extends Pick<Dependencies, 'files'> {
	readonly store: { readonly assetTrash: Pick<AssetStore['assetTrash'], 'listExisting'> };
	readonly log: Pick<Log, 'info' | 'warn'>;
}

const chunk = 200;
const pathsPerPage = 5_000;
/** A file that belongs to no asset may be that of an upload in progress until it is this old. */
const orphanAgeMs = 60 * 60_000;

const items = (count: number): string => `${count} ${count === 1 ? 'item' : 'items'}`;

/**
 * Removes the files, then the rows of assets that were deleted permanently. If the process is killed in between, the rows are
 * still there and the rest is done later.
 */
export const removeDeletedAssets =
	({ store, files }: Dependencies): JobHandler =>
	async ({ signal }) => {
		let removed = 0;
		for (
			let rows = await store.assetTrash.listDeleted(chunk);
			rows.length > 0;
			rows = await store.assetTrash.listDeleted(chunk)
		) {
			signal.throwIfAborted();
			await files.remove(rows.flatMap(({ paths }) => paths));
			const owners = new Set(rows.map(({ ownerId }) => ownerId));
			for (const ownerId of owners) {
				const ids = rows.filter((row) => row.ownerId === ownerId).map(({ id }) => id);
				await store.transaction(({ assetTrash }) => assetTrash.removeDeleted(ownerId, ids));
			}
			removed += rows.length;
		}
		return `${items(removed)} removed`;
	};

/** Finds the files of a user who is about to be removed, and returns what removes them. Their rows go with the user. */
export const findFilesOfUser =
	({ store, files }: Pick<Dependencies, 'store' | 'files'>) =>
	async ({ id }: { readonly id: string }): Promise<() => Promise<void>> => {
		const found: string[] = [];
		for (let afterId: string | null = null, isDone = false; !isDone;) {
			const rows = await store.assetTrash.listPaths(id, afterId, pathsPerPage);
			found.push(...rows.flatMap(({ paths }) => paths));
			afterId = rows.at(-1)?.id ?? null;
			isDone = rows.length < pathsPerPage;
		}
		return async () => {
			await files.remove(found);
			await files.removeFolders(id);
		};
	};

/** Empties the trash of what has been in it for as long as the settings say. */
export const removeExpiredAssets =
	(dependencies: Dependencies): JobHandler =>
	async (job) => {
		const { store, settings } = dependencies;
		await settings.refresh();
		const { enabled, days } = settings.current.system.trash;
		const before = new Date(Date.now() - (enabled ? days : 0) * dayMs);
		for (let marked = chunk; marked === chunk;) {
			job.signal.throwIfAborted();
			marked = await store.assetTrash.markExpired(before, chunk);
		}
		return removeDeletedAssets(dependencies)(job);
	};

/**
 * Removes files that belong to no asset, as an upload leaves them when the process is killed. Other originals without a row
 * stay, and are counted: their rows may be missing because the database is an older copy.
 */
export const removeOrphanedFiles =
	({ store, files, log }: OrphanDependencies, nowMs = Date.now): JobHandler =>
	async ({ signal }) => {
		let [removed, untracked, batch] = [0, 0, [] as FoundFile[]];
		const notes: string[] = [];
		const removeBatch = async () => {
			signal.throwIfAborted();
			const ids = batch.flatMap(({ assetId }) => assetId ?? []);
			const existing = ids.length === 0 ? new Set<string>() : await store.assetTrash.listExisting(ids);
			for (const { path, assetId, kind } of batch) {
				if (kind === 'note') notes.push(path);
				else if (assetId === null || !existing.has(assetId)) {
					if (kind === 'original' && assetId !== null && !(await files.isNoted(assetId))) untracked++;
					else {
						await files.remove([path]);
						removed++;
					}
				}
			}
			batch = [];
		};
		for await (const file of files.listOlderThan(nowMs() - orphanAgeMs)) {
			batch.push(file);
			if (batch.length >= chunk) await removeBatch();
		}
		await removeBatch();
		// Last, because they say which of the files may be removed.
		await files.remove(notes);
		if (removed > 0) log.info({ removed }, 'Files of interrupted uploads were removed');
		if (untracked > 0) log.warn({ untracked }, 'There are files of photos that the database doesn’t know');
		const kept = untracked > 0 ? `; ${untracked} unknown to the database kept` : '';
		return `${removed} ${removed === 1 ? 'file' : 'files'} removed${kept}`;
	};
