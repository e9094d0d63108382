import { UserSearchQuery } from '#lib/contract/users/user-search.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const { search } = UserSearchQuery.parse(Object.fromEntries(event.url.searchParams));
	const [album, found] = await Promise.all([services.album.get(auth, id), services.user.suggest(auth, search)]);
	const members = new Set(album.albumUsers.map(({ user }) => user.id));
	return { album, search, found: found.filter((user) => !members.has(user.id)), userId: auth.user.id };
});

export const actions = {
	add: action(
		'addUsersToAlbum',
		({ auth, params, body, services }) => services.albumMember.add(auth, params.id, body.albumUsers),
		({ params }) => `/albums/${params.id}/members`
	),
	role: action(
		'updateAlbumUser',
		({ auth, params, body, services }) => services.albumMember.setRole(auth, params.id, params.userId, body.role),
		({ params }) => `/albums/${params.id}/members`
	),
	remove: action(
		'removeUserFromAlbum',
		({ auth, params, services }) => services.albumMember.remove(auth, params.id, params.userId),
		({ params }) => `/albums/${params.id}/members`
	)
};
