import { z } from 'zod';
import { defineOperations } from '../operation.ts';

export const AssetBulkUploadCheckDto = z
	.object({ assets: z.array(z.object({ id: z.string().max(10_000), checksum: z.string().max(200) })).max(50_000) })
	.meta({ id: 'AssetBulkUploadCheckDto' });

export const AssetBulkUploadCheckResponseDto = z
	.object({ results: z.array(z.object({ id: z.string(), action: z.literal('accept') })) })
	.meta({ id: 'AssetBulkUploadCheckResponseDto' });

export const assetUploadOperations = defineOperations({
	checkBulkUpload: {
		summary: 'Check which photos are already here: none. Uploading does not exist yet, and fails.',
		rest: 'POST /api/assets/bulk-upload-check',
		access: { permission: 'asset.upload' },
		body: AssetBulkUploadCheckDto,
		// Immich's CLI sends up to 5000 file paths at a time.
		maxBytes: 4 * 1024 * 1024,
		maxValues: 25_000,
		reply: AssetBulkUploadCheckResponseDto
	}
});
