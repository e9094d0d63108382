import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const assetId = (event.params['assetId'] ?? '').toLowerCase();
	const [album, photo, activities] = await Promise.all([
		services.album.get(auth, id),
		services.albumAsset.find(auth, id, assetId),
		services.activity.listRecent(auth, { albumId: id, assetId })
	]);
	return { album, photo, activities, userId: auth.user.id };
});

const here = (event: { readonly url: URL }) => event.url.pathname;

export const actions = {
	respond: action(
		'createActivity',
		({ auth, body, services }) => services.activity.create(auth, body),
		({ event }) => `${here(event)}#comments`
	),
	withdraw: action(
		'deleteActivity',
		({ auth, params, services }) => services.activity.delete(auth, params.id),
		({ event }) => `${here(event)}#comments`
	),
	cover: action(
		'updateAlbumInfo',
		({ auth, params, body, services }) => services.album.update(auth, params.id, body),
		({ event }) => here(event)
	),
	remove: action(
		'removeAssetFromAlbum',
		({ auth, params, body, services }) => services.albumAsset.removeChosen(auth, params.id, body.ids),
		({ params }) => `/albums/${params.id}`
	)
};
