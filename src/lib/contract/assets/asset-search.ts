import { z } from 'zod';
import { sentMoment, objectId } from '../fields.ts';
import { defineUpstreamOperations } from '../operation.ts';
import { AssetOrder, AssetResponseDto, AssetTypeEnum, AssetVisibility } from './asset.ts';
import { linkQuery } from './link-query.ts';

const text = z.string().max(1_000);
const nullableText = text.nullable().optional();
const idList = z.array(objectId).max(1_000);

export const MetadataSearchDto = z
	.object({
		albumIds: idList.optional(),
		/** No person and no tag has any photos here. */
		personIds: idList.optional(),
		tagIds: idList.nullable().optional(),
		id: objectId.optional(),
		checksum: z.string().max(200).optional(),
		type: AssetTypeEnum.optional(),
		visibility: AssetVisibility.optional(),
		isFavorite: z.boolean().optional(),
		isMotion: z.boolean().optional(),
		isNotInAlbum: z.boolean().optional(),
		isOffline: z.boolean().optional(),
		originalFileName: text.optional(),
		description: text.optional(),
		city: nullableText,
		state: nullableText,
		country: nullableText,
		make: nullableText,
		model: nullableText,
		lensModel: nullableText,
		rating: z.int().min(-1).max(5).nullable().optional(),
		takenAfter: sentMoment.optional(),
		takenBefore: sentMoment.optional(),
		createdAfter: sentMoment.optional(),
		createdBefore: sentMoment.optional(),
		updatedAfter: sentMoment.optional(),
		updatedBefore: sentMoment.optional(),
		trashedAfter: sentMoment.optional(),
		trashedBefore: sentMoment.optional(),
		withDeleted: z.boolean().optional(),
		withExif: z.boolean().optional(),
		order: AssetOrder.default('desc'),
		page: z.int().min(1).max(100_000).default(1),
		size: z.int().min(1).max(1_000).default(250)
	})
	.meta({ id: 'MetadataSearchDto' });
export type MetadataSearch = z.output<typeof MetadataSearchDto>;

const none = { total: z.int(), count: z.int(), facets: z.array(z.never()) };

export const SearchResponseDto = z
	.object({
		albums: z.object({ ...none, items: z.array(z.never()) }),
		assets: z.object({
			...none,
			items: z.array(AssetResponseDto),
			nextPage: z.string().nullable(),
			nextCursor: z.string().nullable()
		})
	})
	.meta({ id: 'SearchResponseDto' });

export const assetSearchOperations = defineUpstreamOperations({
	searchAssets: {
		summary: 'Find photos and videos, a page at a time',
		rest: 'POST /api/search/metadata',
		access: { permission: 'asset.read', sharedLink: true },
		query: linkQuery,
		body: MetadataSearchDto,
		reply: SearchResponseDto
	}
});
