import { z } from 'zod';
import { objectId } from '../fields.ts';
import { defineForm, defineUpstreamOperations } from '../operation.ts';
import { metadataItems } from './asset-metadata.ts';
import { AssetVisibility } from './asset.ts';
import { linkQuery } from './link-query.ts';

const isMoment = (text: string) => {
	const year = new Date(text).getUTCFullYear();
	return year >= 1000 && year <= 9999;
};
/** A time as clients write it, with or without an offset. */
const moment = z.string().max(64).refine(isMoment, { error: 'Invalid date' });

/** JSON in a field of the form, as clients write it. */
const metadata = z
	.string()
	.max(64 * 1024)
	.transform((text, { issues }) => {
		try {
			return JSON.parse(text) as unknown;
		} catch {
			issues.push({ code: 'custom', input: text, message: 'Invalid input: expected JSON' });
			return z.NEVER;
		}
	})
	.pipe(metadataItems);

const maxDuration = 2 ** 31 - 1;
/** In milliseconds; older apps send a text, which says nothing we need. */
const toDuration = (text: string): number | null =>
	/^\d{1,10}$/.test(text) && Number(text) > 0 ? Math.min(Number(text), maxDuration) : null;

export const AssetMediaCreateDto = z
	.object({
		assetData: z.file(),
		sidecarData: z.file().optional(),
		fileCreatedAt: moment,
		fileModifiedAt: moment,
		duration: z.string().max(100).transform(toDuration).optional(),
		filename: z.string().max(10_000).optional(),
		isFavorite: z
			.enum(['true', 'false'])
			.transform((value) => value === 'true')
			.optional(),
		metadata: metadata.optional(),
		visibility: AssetVisibility.optional(),
		livePhotoVideoId: z
			.union([objectId, z.literal('')])
			.transform((id) => id || undefined)
			.optional()
	})
	.meta({ id: 'AssetMediaCreateDto' });
export type AssetMediaCreate = z.output<typeof AssetMediaCreateDto>;

export const AssetMediaResponseDto = z
	.object({ id: z.string(), status: z.enum(['created', 'duplicate']) })
	.meta({ id: 'AssetMediaResponseDto' });
export type AssetMediaResponse = z.output<typeof AssetMediaResponseDto>;

export const AssetBulkUploadCheckDto = z
	.object({ assets: z.array(z.object({ id: z.string().max(10_000), checksum: z.string().max(200) })).max(50_000) })
	.meta({ id: 'AssetBulkUploadCheckDto' });

export const AssetBulkUploadCheckResponseDto = z
	.object({
		results: z.array(
			z.object({
				id: z.string(),
				action: z.enum(['accept', 'reject']),
				reason: z.literal('duplicate').optional(),
				assetId: z.string().optional(),
				isTrashed: z.boolean().optional()
			})
		)
	})
	.meta({ id: 'AssetBulkUploadCheckResponseDto' });

/** The fields of a form with one file. A browser's form doesn't say how old the file is. */
export const uploadForm = {
	fields: z.object({ assetData: z.file() }),
	toBody: ({ assetData }: { assetData: File }) => {
		const now = new Date().toISOString();
		return { assetData, fileCreatedAt: now, fileModifiedAt: now };
	}
};

export const assetUploadOperations = defineUpstreamOperations({
	uploadAsset: {
		summary: 'Upload a photo or video. A file that is already there is not stored twice.',
		rest: 'POST /api/assets',
		form: defineForm({ at: '/(console)/photos?/upload', ...uploadForm }),
		access: { permission: 'asset.upload', sharedLink: true },
		multipart: 'streamed',
		query: linkQuery,
		body: AssetMediaCreateDto,
		reply: AssetMediaResponseDto,
		status: 201,
		statusOf: ({ status }: AssetMediaResponse) => (status === 'duplicate' ? 200 : 201)
	},
	checkBulkUpload: {
		summary: 'Check which photos are already here',
		rest: 'POST /api/assets/bulk-upload-check',
		access: { permission: 'asset.upload' },
		body: AssetBulkUploadCheckDto,
		// Immich's CLI sends up to 5000 file paths at a time.
		maxBytes: 4 * 1024 * 1024,
		maxValues: 25_000,
		reply: AssetBulkUploadCheckResponseDto
	}
});
