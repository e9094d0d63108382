import { action } from '#lib/server/platform/http/action.ts';

export const actions = {
	default: action(
		'createAlbum',
		({ auth, body, services }) => services.album.create(auth, body),
		(_, { id }) => `/albums/${id}`
	)
};
