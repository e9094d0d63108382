import { z } from 'zod';
import { isoDate, queryBoolean, objectId } from '../fields.ts';
import { defineUpstreamOperations } from '../operation.ts';
import { AssetOrder, AssetVisibility } from './asset.ts';
import { linkQuery } from './link-query.ts';

const filter = z.object({
	...linkQuery.shape,
	userId: objectId.optional(),
	albumId: objectId.optional(),
	/** No person and no tag has any photos here. */
	personId: objectId.optional(),
	tagId: objectId.optional(),
	visibility: AssetVisibility.optional(),
	isTrashed: queryBoolean.optional(),
	isFavorite: queryBoolean.optional(),
	order: AssetOrder.optional(),
	withPartners: queryBoolean.optional(),
	withStacked: queryBoolean.optional(),
	withCoordinates: queryBoolean.optional()
});
export type TimelineFilter = z.output<typeof filter>;

const nullableTexts = z.array(z.string().nullable());
const nullableNumbers = z.array(z.number().nullable());

/** A list per column; the same position in each belongs to the same asset. */
export const TimeBucketAssetResponseDto = z
	.object({
		id: z.array(z.string()),
		ownerId: z.array(z.string()),
		ratio: z.array(z.number()),
		isImage: z.array(z.boolean()),
		isFavorite: z.array(z.boolean()),
		isTrashed: z.array(z.boolean()),
		visibility: z.array(AssetVisibility),
		createdAt: z.array(z.string()),
		fileCreatedAt: z.array(z.string()),
		localOffsetHours: z.array(z.number()),
		thumbhash: nullableTexts,
		duration: nullableNumbers,
		livePhotoVideoId: nullableTexts,
		projectionType: nullableTexts,
		city: nullableTexts,
		country: nullableTexts,
		stack: z.array(z.array(z.string()).nullable()).optional(),
		latitude: nullableNumbers.optional(),
		longitude: nullableNumbers.optional()
	})
	.meta({ id: 'TimeBucketAssetResponseDto' });
export type TimeBucketAssets = z.output<typeof TimeBucketAssetResponseDto>;

export const TimeBucketsResponseDto = z
	.object({ timeBucket: z.string(), count: z.int() })
	.meta({ id: 'TimeBucketsResponseDto' });

export const timelineOperations = defineUpstreamOperations({
	getTimeBuckets: {
		summary: 'Count photos and videos by month',
		rest: 'GET /api/timeline/buckets',
		access: { permission: 'asset.read', sharedLink: true },
		query: filter,
		reply: z.array(TimeBucketsResponseDto)
	},
	getTimeBucket: {
		summary: 'Get what the grid needs of the photos and videos of one month',
		rest: 'GET /api/timeline/bucket',
		access: { permission: 'asset.read', sharedLink: true },
		query: filter.extend({
			/** The first day of the month; clients may add a time. */
			timeBucket: z
				.string()
				.max(64)
				.transform((text) => text.slice(0, 10))
				.pipe(isoDate)
		}),
		reply: TimeBucketAssetResponseDto
	}
});
