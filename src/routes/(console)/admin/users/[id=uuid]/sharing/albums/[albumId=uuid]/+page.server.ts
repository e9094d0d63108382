import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, id, event }) => {
	const [shownUser, sharing] = await Promise.all([services.userAdmin.get(id), services.sharing.get(id)]);
	const found = sharing.albums.find((album) => album.id === event.params['albumId']);
	return { shownUser, name: found?.albumName ?? 'the album' };
});

export const actions = {
	default: action(
		'removeAlbumMemberAdmin',
		({ auth, params, services }) => services.sharing.removeMember(auth, params.id, params.albumId),
		({ params }) => `/admin/users/${params.id}/sharing`
	)
};
