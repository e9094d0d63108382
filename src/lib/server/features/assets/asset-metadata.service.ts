import { z } from 'zod';
import type { AssetMetadata } from '#lib/contract/assets/asset-metadata.ts';
import { requireAccess, requireLive } from '#lib/server/features/access/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { MetadataItem, MetadataName, MetadataRow } from './asset-metadata.repository.ts';
import { mostNotes } from './asset-metadata.repository.ts';
import { noMetadata, tooManyNotes } from './errors.ts';
import type { AssetStore } from './repositories.ts';
import { toObject } from './audit-object.ts';

type Repositories = Parameters<Parameters<AssetStore['transaction']>[0]>[0];

/** What apps note about assets: they store it and read it back, the server makes nothing of it. */
export class AssetMetadataService {
	readonly #store: AssetStore;

	constructor(store: AssetStore) {
		this.#store = store;
	}

	/** @throws {AppError} 400 without access */
	async list(auth: Auth, id: string): Promise<AssetMetadata[]> {
		await requireAccess(this.#store, { auth, permission: 'asset.read', ids: [id] });
		return (await this.#store.assetMetadata.list(id)).map(toDto);
	}

	/** @throws {AppError} 400 without access, or if there is no such note */
	async get(auth: Auth, id: string, key: string): Promise<AssetMetadata> {
		await requireAccess(this.#store, { auth, permission: 'asset.read', ids: [id] });
		const row = await this.#store.assetMetadata.find(id, key);
		if (!row) throw noMetadata();
		return toDto(row);
	}

	/** @throws {AppError} 400 without access to any of the assets, or if one would have too many notes */
	set(auth: Auth, items: readonly MetadataItem[]): Promise<(AssetMetadata & { readonly assetId: string })[]> {
		return this.#change(auth, items, async ({ assetMetadata }, assetIds) => {
			const rows = await assetMetadata.set(items);
			if (await assetMetadata.isOverLimit(assetIds)) throw tooManyNotes(mostNotes);
			return { result: rows.map((row) => ({ assetId: row.assetId, ...toDto(row) })), isChanged: rows.length > 0 };
		});
	}

	/** @throws {AppError} 400 without access to any of the assets */
	async remove(auth: Auth, names: readonly MetadataName[]): Promise<void> {
		await this.#change(auth, names, async ({ assetMetadata }) => ({
			result: undefined,
			isChanged: (await assetMetadata.remove(names)) > 0
		}));
	}

	#change<Result>(
		auth: Auth,
		names: readonly MetadataName[],
		change: (
			repositories: Repositories,
			assetIds: readonly string[]
		) => Promise<{ readonly result: Result; readonly isChanged: boolean }>
	): Promise<Result> {
		const ids = [...new Set(names.map(({ assetId }) => assetId))];
		return this.#store.transaction(async (repositories) => {
			await repositories.users.lock(auth.user.id);
			await requireLive(repositories, auth);
			await requireAccess(repositories, { auth, permission: 'asset.update', ids });
			const { result, isChanged } = await change(repositories, ids);
			if (isChanged)
				await repositories.audit.record(buildAuditEntry(auth, { action: 'asset.update', object: toObject(ids) }));
			return result;
		});
	}
}

const Value = z.record(z.string(), z.unknown()).catch({});

const toDto = ({ key, value, updatedAt }: MetadataRow): AssetMetadata => ({
	key,
	value: Value.parse(value),
	updatedAt: updatedAt.toISOString()
});
