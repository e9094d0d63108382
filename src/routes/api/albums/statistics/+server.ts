import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAlbumStatistics', ({ auth, services }) => services.album.count(auth));
