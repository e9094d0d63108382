import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const PUT = endpoint('addUsersToAlbum', ({ auth, params, body, services }) =>
	services.albumMember.add(auth, params.id, body.albumUsers)
);
