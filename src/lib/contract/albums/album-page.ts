import { z } from 'zod';

const page = z.coerce.number().int().min(1).max(100_000).catch(1).default(1);

/** The query parameters of the page with all albums; invalid values are ignored. */
export const AlbumPageQuery = z.object({ show: z.enum(['all', 'own', 'shared']).catch('all').default('all'), page });
export type AlbumPageQuery = z.output<typeof AlbumPageQuery>;

/** The query parameters of an album's page. */
export const AlbumPhotoQuery = z.object({
	page,
	/** Whether photos can be selected. */
	select: z.literal('on').nullable().catch(null).default(null)
});

/** A photo as an album's page shows it. */
export interface AlbumPhoto {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly ownerId: string;
	/** ISO 8601; the time on the clock where it was taken. */
	readonly takenAt: string;
}
