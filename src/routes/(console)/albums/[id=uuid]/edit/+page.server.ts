import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id }) => ({
	album: await services.album.get(auth, id),
	userId: auth.user.id
}));

export const actions = {
	default: action(
		'updateAlbumInfo',
		({ auth, params, body, services }) => services.album.update(auth, params.id, body),
		({ params }) => `/albums/${params.id}`
	)
};
