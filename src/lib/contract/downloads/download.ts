import { z } from 'zod';
import { objectId } from '../fields.ts';
import { defineUpstreamOperations, file } from '../operation.ts';
import { linkQuery } from '../shared-links/shared-link.ts';

/** How many photos and videos one archive can have. */
export const maxArchiveAssets = 10_000;
/** 10,000 quoted IDs with room to spare. */
const maxAssetIdBytes = 512 * 1024;

const assetIds = z.array(objectId).max(maxArchiveAssets);

export const DownloadInfoDto = z
	.object({
		assetIds: assetIds.optional(),
		albumId: objectId.optional(),
		userId: objectId.optional(),
		/** In bytes; an archive is larger only if a single file is. */
		archiveSize: z.int().min(1).optional()
	})
	.meta({ id: 'DownloadInfoDto' });
export type DownloadInfoDto = z.output<typeof DownloadInfoDto>;

export const DownloadResponseDto = z
	.object({
		/** In bytes. */
		totalSize: z.int(),
		archives: z.array(z.object({ size: z.int(), assetIds: z.array(z.string()) }))
	})
	.meta({ id: 'DownloadResponseDto' });
export type DownloadInfo = z.output<typeof DownloadResponseDto>;

export const DownloadArchiveDto = z
	.object({
		assetIds: assetIds.min(1),
		/** Without an extension. */
		archiveName: z.string().max(200).optional(),
		/** There are no edited versions: the original is sent. */
		edited: z.boolean().optional()
	})
	.meta({ id: 'DownloadArchiveDto' });
export type DownloadArchiveDto = z.output<typeof DownloadArchiveDto>;

const access = { permission: 'asset.download', sharedLink: true } as const;

export const downloadOperations = defineUpstreamOperations({
	getDownloadInfo: {
		summary: 'Plan a download: which photos and videos go into which archive, and how large each will be',
		rest: 'POST /api/download/info',
		access,
		query: linkQuery,
		body: DownloadInfoDto,
		maxBytes: maxAssetIdBytes,
		maxValues: 2 * maxArchiveAssets,
		reply: DownloadResponseDto,
		status: 201
	},
	downloadArchive: {
		summary: 'Download photos and videos as a zip file',
		rest: 'POST /api/download/archive',
		access,
		query: linkQuery,
		body: DownloadArchiveDto,
		maxBytes: maxAssetIdBytes,
		maxValues: 2 * maxArchiveAssets,
		reply: file
	},
	downloadAll: {
		summary: 'Download an album, or all that a shared link shows, as a zip file; a plain link can lead here',
		rest: 'GET /api/download/archive',
		access,
		query: linkQuery.extend({ albumId: objectId.optional() }),
		reply: file
	}
});
