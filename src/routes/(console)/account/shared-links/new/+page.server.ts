import { z } from 'zod';
import { uuid } from '#lib/contract/fields.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

/** What a page about an album or photos hands over: an album's ID, or photos' IDs separated by commas. */
const Chosen = z.object({
	album: uuid.nullable().catch(null),
	assets: z
		.string()
		.transform((text) => text.split(',').filter((id) => uuid.safeParse(id).success))
		.catch([])
});

export const load = loadFor(async ({ auth, services, event }) => {
	const { album, assets } = Chosen.parse({
		album: event.url.searchParams.get('album'),
		assets: event.url.searchParams.get('assets') ?? ''
	});
	return { origin: publicOrigin(event), album, assets, albums: await services.sharedLink.listAlbums(auth) };
});

export const actions = {
	default: action(
		'createSharedLink',
		({ auth, body, services }) => services.sharedLink.create(auth, body),
		(_, link) => `/account/shared-links/${link.id}`
	)
};
