import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const PUT = endpoint('updateAlbumUser', ({ auth, params, body, services }) =>
	services.albumMember.setRole(auth, params.id, params.userId, body.role)
);
export const DELETE = endpoint('removeUserFromAlbum', ({ auth, params, services }) =>
	services.albumMember.remove(auth, params.id, params.userId)
);
