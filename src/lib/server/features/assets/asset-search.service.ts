import type { z } from 'zod';
import type { MetadataSearch, SearchResponseDto } from '#lib/contract/assets/asset-search.ts';
import { requireAccess } from '#lib/server/features/access/index.ts';
import { isElevated, type Auth } from '#lib/server/platform/caller/caller.ts';
import { elevationRequired } from '#lib/server/platform/errors.ts';
import { toAssetDto } from './asset-dto.ts';
import type { SearchScope } from './asset-search.repository.ts';
import type { AssetStore } from './repositories.ts';

/** Finds assets of one's own library, of albums and of shared links. */
export class AssetSearchService {
	readonly #store: AssetStore;

	constructor(store: AssetStore) {
		this.#store = store;
	}

	/** @throws {AppError} 400 without access to an album, 401 for locked assets in a session that isn't elevated */
	async search(auth: Auth, search: MetadataSearch): Promise<z.input<typeof SearchResponseDto>> {
		if (search.visibility === 'locked' && !isElevated(auth)) throw elevationRequired();
		const scope = await this.#findScope(auth, search);
		const found = canMatch(auth, search, scope) ? await this.#store.assetSearch.list(scope, search) : [];
		const ids = found.slice(0, search.size);
		const rows = ids.length === 0 ? [] : await this.#store.assets.list(ids);
		const items = rows.map((row) => toAssetDto(row, auth));
		return {
			albums: { total: 0, count: 0, items: [], facets: [] },
			assets: {
				total: items.length,
				count: items.length,
				items,
				facets: [],
				nextPage: found.length > search.size ? String(search.page + 1) : null,
				nextCursor: null
			}
		};
	}

	async #findScope(auth: Auth, { albumIds = [] }: MetadataSearch): Promise<SearchScope> {
		const { credential, user } = auth;
		const isVisitor = credential.kind === 'sharedLink';
		if (isVisitor && credential.albumId === null && albumIds.length === 0)
			return { kind: 'link', linkId: credential.linkId };
		const wanted = isVisitor && credential.albumId !== null && albumIds.length === 0 ? [credential.albumId] : albumIds;
		if (wanted.length === 0) return { kind: 'own', userId: user.id };
		await requireAccess(this.#store, { auth, permission: 'album.read', ids: wanted });
		return { kind: 'albums', albumIds: [...new Set(wanted)] };
	}
}

const metadataFilters = [
	'checksum',
	'originalFileName',
	'description',
	'city',
	'state',
	'country',
	'make',
	'model',
	'lensModel',
	'rating',
	'createdAfter',
	'createdBefore',
	'updatedAfter',
	'updatedBefore',
	'takenAfter',
	'takenBefore'
] as const;

/** Filters that nothing here matches, or that would tell others' favorites, albums and trash, or what a link hides. */
function canMatch({ credential }: Auth, search: MetadataSearch, { kind }: SearchScope): boolean {
	if ((search.personIds ?? []).length > 0 || (search.tagIds ?? []).length > 0) return false;
	if (kind === 'own') return true;
	const isBare = credential.kind === 'sharedLink' && !credential.showMetadata;
	if (isBare && metadataFilters.some((name) => search[name] !== undefined)) return false;
	return (
		search.isFavorite === undefined &&
		search.isNotInAlbum !== true &&
		search.trashedAfter === undefined &&
		search.trashedBefore === undefined &&
		search.visibility !== 'locked' &&
		search.visibility !== 'hidden'
	);
}
