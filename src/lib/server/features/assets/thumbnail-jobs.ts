import { z } from 'zod';
import type { JobHandler } from '#lib/server/platform/job.ts';
import type { AssetStore } from './repositories.ts';
import type { ThumbnailMaker } from './thumbnail-maker.ts';

const Data = z.object({
	id: z.uuid(),
	/** Present until the owner's apps have been told of the upload. */
	source: z.literal('upload').optional()
});
const pageSize = 500;

interface Dependencies {
	readonly store: AssetStore;
	readonly thumbnails: ThumbnailMaker;
}

/** Reads the metadata of an uploaded photo, and has its thumbnails made next. */
export const extractMetadata =
	({ store, thumbnails }: Dependencies): JobHandler =>
	async ({ data, add }) => {
		const { id, source: origin } = Data.parse(data);
		const source = await store.assets.findSource(id);
		if (!source) return 'Nothing to read';
		const isReadable = await thumbnails.readMetadata(source);
		await add('AssetGenerateThumbnails', { id, ...(origin && { source: origin }) });
		return isReadable ? 'Read' : 'No readable photo';
	};

/** Makes the thumbnails of one photo. */
export const generateThumbnails =
	({ store, thumbnails }: Dependencies): JobHandler =>
	async ({ data }) => {
		const { id, source: origin } = Data.parse(data);
		const source = await store.assets.findSource(id);
		if (!source) return 'Nothing to make';
		const isReadable = await thumbnails.makeAll(source);
		if (origin) await store.assets.announce(origin, [id]);
		return isReadable ? 'Made' : 'No readable photo';
	};

/** Enqueues a job for every photo that has no thumbnail. */
export const generateMissingThumbnails =
	({ store }: Dependencies): JobHandler =>
	async ({ signal, add }) => {
		let enqueued = 0;
		const listNext = (afterId: string | null) => store.assets.listWithoutThumbnail(afterId, pageSize);
		for (let ids = await listNext(null); ids.length > 0; ids = await listNext(ids.at(-1) ?? null)) {
			for (const id of ids) {
				signal.throwIfAborted();
				await add('AssetExtractMetadata', { id });
			}
			enqueued += ids.length;
		}
		return `${enqueued} ${enqueued === 1 ? 'photo' : 'photos'} enqueued`;
	};
