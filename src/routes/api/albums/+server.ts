import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAllAlbums', ({ auth, query, services }) => services.album.list(auth, query));
export const POST = endpoint('createAlbum', ({ auth, body, services }) => services.album.create(auth, body));
