import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id }) => ({
	album: await services.album.get(auth, id),
	userId: auth.user.id
}));

export const actions = {
	default: action(
		'deleteAlbum',
		({ auth, params, services }) => services.album.delete(auth, params.id),
		() => '/albums'
	)
};
