import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('removeAlbumMemberAdmin', ({ auth, params, services }) =>
	services.sharing.removeMember(auth, params.id, params.albumId)
);
