import { ChosenQuery } from '#lib/contract/assets/chosen-photos.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

export const load = loadFor(async ({ auth, services, event }) => {
	const { album, assets } = ChosenQuery.parse(Object.fromEntries(event.url.searchParams));
	return { origin: publicOrigin(event), album, assets, albums: await services.album.listManaged(auth) };
});

export const actions = {
	choose: action('choosePhotos', ({ body: { ids } }) => ({ assets: ids })),
	create: action(
		'createSharedLink',
		({ auth, body, services }) => services.sharedLink.create(auth, body),
		(_, link) => `/account/shared-links/${link.id}`
	)
};
