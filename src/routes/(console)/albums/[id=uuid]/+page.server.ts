import { AlbumPhotoQuery } from '#lib/contract/albums/album-page.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const { page, select } = AlbumPhotoQuery.parse(Object.fromEntries(event.url.searchParams));
	const [album, photos, activities] = await Promise.all([
		services.album.get(auth, id),
		services.albumAsset.page(auth, id, page),
		services.activity.listRecent(auth, { albumId: id })
	]);
	return { album, photos, activities, page, isSelecting: select !== null, userId: auth.user.id };
});

export const actions = {
	remove: action(
		'removeAssetFromAlbum',
		({ auth, params, body, services }) => services.albumAsset.removeChosen(auth, params.id, body.ids),
		({ params }) => `/albums/${params.id}`
	),
	respond: action(
		'createActivity',
		({ auth, body, services }) => services.activity.create(auth, body),
		({ event }) => `/albums/${event.params['id'] ?? ''}#comments`
	),
	withdraw: action(
		'deleteActivity',
		({ auth, params, services }) => services.activity.delete(auth, params.id),
		({ event }) => `/albums/${event.params['id'] ?? ''}#comments`
	)
};
