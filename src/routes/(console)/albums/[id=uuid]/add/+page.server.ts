import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const [album, grid] = await Promise.all([
		services.album.get(auth, id),
		services.timeline.readGrid(auth, { visibility: 'timeline' }, event.url.searchParams.get('month'))
	]);
	return { album, grid, userId: auth.user.id };
});

export const actions = {
	default: action(
		'addAssetsToAlbum',
		({ auth, params, body, services }) => services.albumAsset.addChosen(auth, params.id, body.ids),
		({ params }) => `/albums/${params.id}`
	)
};
