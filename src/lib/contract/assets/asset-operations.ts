import { z } from 'zod';
import { objectIdParams, queryBoolean, objectId } from '../fields.ts';
import { binary, defineForm, defineUpstreamOperations } from '../operation.ts';
import { AssetStatsQuery, AssetStatsResponseDto } from '../statistics/user-statistics.ts';
import { AssetResponseDto, AssetVisibility } from './asset.ts';
import { linkQuery } from './link-query.ts';

/** A time, with the offset of the place where the photo was taken. */
const takenAt = z.iso
	.datetime({ offset: true, local: true })
	.max(64)
	.refine((moment) => !moment.startsWith('0'), { error: 'Invalid date' });

const maxDescription = 10_000;
const changes = {
	isFavorite: z.boolean().optional(),
	visibility: AssetVisibility.optional(),
	description: z.string().max(maxDescription).optional(),
	/** -1 is rejected; null, and 0 from older apps, is unrated. */
	rating: z
		.int()
		.min(-1)
		.max(5)
		.nullable()
		.transform((stars) => stars || null)
		.optional(),
	dateTimeOriginal: takenAt.optional(),
	latitude: z.number().min(-90).max(90).optional(),
	longitude: z.number().min(-180).max(180).optional()
};
const areCoordinatesPaired = ({
	latitude,
	longitude
}: {
	latitude?: number | undefined;
	longitude?: number | undefined;
}) => (latitude === undefined) === (longitude === undefined);
const coordinatesError = { error: 'Latitude and longitude must both be given' };

export const UpdateAssetDto = z
	.object({ ...changes, livePhotoVideoId: objectId.nullable().optional() })
	.refine(areCoordinatesPaired, coordinatesError)
	.meta({ id: 'UpdateAssetDto' });
export type AssetUpdate = z.output<typeof UpdateAssetDto>;

const maxIds = 50_000;
/** About ten years. */
const maxShiftMinutes = 5_256_000;
const ids = z.array(objectId).max(maxIds);
/** Room for that many IDs. */
const idListBytes = 3 * 1024 * 1024;

export const AssetBulkUpdateDto = z
	.object({
		ids,
		...changes,
		/** The group of duplicates that they belong to. */
		duplicateId: objectId.nullable().optional(),
		/** Where they were taken, such as `Europe/Berlin`: the moment stays, the time on the clock changes. */
		timeZone: z.string().max(100).optional(),
		/** Minutes to move the time by. */
		dateTimeRelative: z.int().min(-maxShiftMinutes).max(maxShiftMinutes).optional()
	})
	.refine(areCoordinatesPaired, coordinatesError)
	.meta({ id: 'AssetBulkUpdateDto' });

export const AssetBulkDeleteDto = z.object({ ids, force: z.boolean().optional() }).meta({ id: 'AssetBulkDeleteDto' });
export const BulkIdsDto = z.object({ ids }).meta({ id: 'BulkIdsDto' });
export const TrashResponseDto = z.object({ count: z.int() }).meta({ id: 'TrashResponseDto' });

export const assetMediaSizes = ['original', 'fullsize', 'preview', 'thumbnail'] as const;
const media = { ...linkQuery.shape, edited: queryBoolean.optional() };
const sizeQuery = z.object({ ...media, size: z.enum(assetMediaSizes).default('thumbnail') });
export type AssetMediaSize = z.output<typeof sizeQuery>['size'];

/** Where the pages can move a photo. */
const shownPlaces = ['timeline', 'archive', 'locked'] as const;

export const assetOperations = defineUpstreamOperations({
	getAssetInfo: {
		summary: 'Get what is known of a photo or video',
		rest: 'GET /api/assets/[id]',
		access: { permission: 'asset.read', sharedLink: true },
		params: objectIdParams,
		query: linkQuery,
		reply: AssetResponseDto
	},
	updateAsset: {
		summary: 'Change a photo or video',
		rest: 'PUT /api/assets/[id]',
		form: defineForm({
			at: '/(console)/photos/[id=uuid]?/change',
			fields: z.object({ isFavorite: z.enum(['', 'true', 'false']), visibility: z.enum(['', ...shownPlaces]) }),
			toBody: ({ isFavorite, visibility }) => ({
				...(isFavorite !== '' && { isFavorite: isFavorite === 'true' }),
				...(visibility !== '' && { visibility })
			})
		}),
		access: { permission: 'asset.update' },
		params: objectIdParams,
		body: UpdateAssetDto,
		reply: AssetResponseDto
	},
	updateAssets: {
		summary: 'Change many photos and videos alike',
		rest: 'PUT /api/assets',
		access: { permission: 'asset.update' },
		body: AssetBulkUpdateDto,
		maxBytes: idListBytes,
		maxValues: maxIds + 100,
		status: 204
	},
	deleteAssets: {
		summary: 'Move photos and videos to the trash, or delete them permanently',
		rest: 'DELETE /api/assets',
		form: defineForm({
			at: '/(console)/photos/[id=uuid]?/trash',
			fields: z.object({ id: objectId, force: z.boolean() }),
			toBody: ({ id, force }) => ({ ids: [id], force })
		}),
		access: { permission: 'asset.delete' },
		body: AssetBulkDeleteDto,
		maxBytes: idListBytes,
		maxValues: maxIds + 100,
		status: 204
	},
	getAssetStatistics: {
		summary: 'Count one’s photos and videos',
		rest: 'GET /api/assets/statistics',
		access: { permission: 'asset.statistics' },
		query: AssetStatsQuery,
		reply: AssetStatsResponseDto
	},
	downloadAsset: {
		summary: 'Download the file as it was uploaded',
		rest: 'GET /api/assets/[id]/original',
		access: { permission: 'asset.download', sharedLink: true },
		params: objectIdParams,
		query: z.object(media),
		reply: binary
	},
	viewAsset: {
		summary: 'Show a photo or video as a smaller picture',
		rest: 'GET /api/assets/[id]/thumbnail',
		access: { permission: 'asset.view', sharedLink: true },
		params: objectIdParams,
		query: sizeQuery,
		reply: binary
	},
	playAssetVideo: {
		summary: 'Play a video',
		rest: 'GET /api/assets/[id]/video/playback',
		access: { permission: 'asset.view', sharedLink: true },
		params: objectIdParams,
		query: linkQuery,
		reply: binary
	},
	emptyTrash: {
		summary: 'Permanently delete everything in the trash',
		rest: 'POST /api/trash/empty',
		form: defineForm({ at: '/(console)/photos/trash?/empty', fields: z.object({}) }),
		access: { permission: 'asset.delete' },
		reply: TrashResponseDto
	},
	restoreTrash: {
		summary: 'Restore everything in the trash',
		rest: 'POST /api/trash/restore',
		form: defineForm({ at: '/(console)/photos/trash?/restoreAll', fields: z.object({}) }),
		access: { permission: 'asset.delete' },
		reply: TrashResponseDto
	},
	restoreAssets: {
		summary: 'Restore photos and videos from the trash',
		rest: 'POST /api/trash/restore/assets',
		form: defineForm({
			at: '/(console)/photos/[id=uuid]?/restore',
			fields: z.object({ id: objectId }),
			toBody: ({ id }) => ({ ids: [id] })
		}),
		access: { permission: 'asset.delete' },
		body: BulkIdsDto,
		maxBytes: idListBytes,
		maxValues: maxIds + 100,
		reply: TrashResponseDto
	}
});
