import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { AlbumAssetService } from './album-asset.service.ts';
import { AlbumMemberService } from './album-member.service.ts';
import { AlbumService } from './album.service.ts';
import type { AlbumStore } from './repositories.ts';

export const createAlbums = ({ store }: Platform<AlbumStore>) =>
	({
		services: {
			album: new AlbumService(store),
			albumAsset: new AlbumAssetService(store),
			albumMember: new AlbumMemberService(store)
		},
		cleanup: { albums: () => store.albums.removeOwnerless() }
	}) satisfies Feature;
