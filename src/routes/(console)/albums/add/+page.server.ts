import { ChosenQuery } from '#lib/contract/assets/chosen-photos.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, event }) => {
	const { assets } = ChosenQuery.parse(Object.fromEntries(event.url.searchParams));
	return { assets, albums: await services.album.listManaged(auth) };
});

export const actions = {
	choose: action('choosePhotos', ({ body: { ids } }) => ({ assets: ids })),
	add: action(
		'addAssetsToAlbum',
		({ auth, params, body, services }) => services.albumAsset.addChosen(auth, params.id, body.ids),
		({ params }) => `/albums/${params.id}`
	),
	create: action(
		'createAlbum',
		({ auth, body, services }) => services.album.create(auth, body),
		(_, { id }) => `/albums/${id}`
	)
};
