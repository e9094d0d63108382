import { z } from 'zod';
import { objectId } from '../fields.ts';
import { defineForm, defineUpstreamOperations } from '../operation.ts';
import { listChosen } from './chosen-ids.ts';

/** How many photos one selection can have. */
export const mostChosen = 10_000;
/** 10,000 IDs, each with the name of its field, and room to spare. */
const maxBytes = 640 * 1024;

const isSelection = (texts: readonly string[]) => {
	const ids = listChosen(texts);
	return ids.length <= mostChosen && ids.every((id) => objectId.safeParse(id).success);
};

/** The photos that a form is about; there can be none. */
export const chosenPhotos = z
	.array(z.string().max(40 * mostChosen))
	.max(mostChosen)
	.refine(isSelection, `Choose at most ${mostChosen.toLocaleString('en-US')} photos.`);

/** The same, and there is at least one. */
export const somePhotos = chosenPhotos.refine((texts) => listChosen(texts).length > 0, 'Choose at least one photo.');

/** What a page about an album or photos hands over in the URL: an album's ID, or photos' IDs separated by commas. */
export const ChosenQuery = z.object({
	album: objectId.nullable().catch(null),
	assets: z
		.string()
		.transform((text) => listChosen([text]).filter((id) => objectId.safeParse(id).success))
		.catch([])
});

export const chosenPhotoOperations = defineUpstreamOperations({
	choosePhotos: {
		summary: 'Take a selection of photos, too long for a URL, to a page that does something with it',
		form: defineForm({
			at: ['/(console)/albums/add?/choose', '/(console)/account/shared-links/new?/choose'],
			fields: z.object({ assets: somePhotos }),
			toBody: ({ assets }) => ({ ids: listChosen(assets) }),
			result: z.object({ assets: z.array(objectId) })
		}),
		access: { permission: 'asset.read' },
		body: z.object({ ids: z.array(objectId).max(mostChosen) }),
		maxBytes,
		maxValues: mostChosen + 1_000
	}
});
