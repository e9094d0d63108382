import {
	passwordPlaceholder,
	type SharedLink,
	type SharedLinkSummary
} from '#lib/contract/shared-links/shared-link.ts';
import { toAlbumDto, toVisitorAlbumDto, type AlbumRow, type AlbumUserRow } from '#lib/server/features/albums/index.ts';
import { toAssetDto, type AssetRow } from '#lib/server/features/assets/index.ts';
import type { AuthUser, Identity } from '#lib/server/platform/caller/caller.ts';
import type { SharedLinkRow, SharedLinkSummaryRow } from './shared-link-rows.ts';

/** What a link shows. */
export interface LinkContent {
	readonly assets: readonly AssetRow[];
	readonly album: { readonly row: AlbumRow; readonly owner: AlbumUserRow } | null;
}

const keyOf = ({ key }: SharedLinkRow): string => Buffer.from(key).toString('base64url');

const common = (row: SharedLinkRow) => ({
	id: row.id,
	type: row.type,
	key: keyOf(row),
	slug: row.slug,
	userId: row.userId,
	description: row.description,
	createdAt: row.createdAt.toISOString(),
	expiresAt: row.expiresAt?.toISOString() ?? null,
	allowUpload: row.allowUpload,
	allowDownload: row.allowDownload,
	showMetadata: row.showMetadata
});

/** How visitors of a link see what it shows. */
const toVisitor = (link: SharedLinkRow, user: AuthUser): Identity => ({
	user,
	credential: {
		kind: 'sharedLink',
		isAmbient: true,
		linkId: link.id,
		albumId: link.albumId,
		isProven: true,
		allowUpload: link.allowUpload,
		allowDownload: link.allowDownload,
		showMetadata: link.showMetadata
	}
});

/**
 * A link with what it shows, as its owner or a visitor sees it.
 * Source: docs/wire-reference/shared-links.md#sharedlinkresponsedto.
 */
export function toSharedLinkDto(row: SharedLinkRow, { assets, album }: LinkContent, auth: Identity): SharedLink {
	const isVisitor = auth.credential.kind === 'sharedLink';
	// Hidden metadata is hidden in the owner's response too, as in Immich.
	const viewer = row.showMetadata ? auth : toVisitor(row, auth.user);
	return {
		...common(row),
		...(isVisitor && { allowDownload: row.allowDownload && row.showMetadata }),
		password: row.hasPassword && !isVisitor ? passwordPlaceholder : null,
		assets: assets.map((asset) => toAssetDto(asset, viewer)),
		...(album && {
			album: toVisitorAlbumDto(toAlbumDto(album.row, [album.owner], album.owner.user.id), row)
		})
	};
}

/** A link as its owner sees it in a list. */
export const toSharedLinkSummary = (row: SharedLinkSummaryRow): SharedLinkSummary => ({
	...common(row),
	password: row.hasPassword ? passwordPlaceholder : null,
	album: row.albumId === null ? null : { id: row.albumId, albumName: row.albumName ?? '' },
	assetCount: row.assetCount,
	thumbnailAssetId: row.thumbnailAssetId,
	visits: row.visits,
	lastVisitDay: row.lastVisitDay,
	state: row.state
});
