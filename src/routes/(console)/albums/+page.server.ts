import { AlbumPageQuery } from '#lib/contract/albums/album-page.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, event }) => {
	const query = AlbumPageQuery.parse(Object.fromEntries(event.url.searchParams));
	return { query, page: await services.album.page(auth, query), userId: auth.user.id };
});
