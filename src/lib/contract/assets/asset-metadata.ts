import { z } from 'zod';
import { dateTime, objectId, objectIdParams } from '../fields.ts';
import { defineUpstreamOperations } from '../operation.ts';

/** Maximum nesting depth; PostgreSQL's JSON parser has a limit. */
const deepestValue = 50;

/** Whether a text has neither a null character nor half a character, which PostgreSQL can't store. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

function isStorableValue(content: unknown, depth = 0): boolean {
	if (typeof content === 'string') return isStorable(content);
	if (typeof content !== 'object' || content === null) return true;
	return (
		depth < deepestValue &&
		Object.entries(content).every(([name, inner]) => isStorable(name) && isStorableValue(inner, depth + 1))
	);
}

const key = z
	.string()
	.min(1)
	.max(200)
	.refine(isStorable, { error: 'Invalid input: contains a character that can’t be stored' });
const value = z
	.record(z.string(), z.unknown())
	.refine((content) => isStorableValue(content), {
		error: 'Invalid input: nested too deeply, or contains a character that can’t be stored'
	})
	// Free-form notes of apps, limited only by the body size.
	.meta({ 'x-limitedByBody': true });

export const maxMetadataItems = 1_000;
const pair = ({ assetId = '', key: named }: { assetId?: string; key: string }) => `${assetId} ${named}`;

/** Items that each name something else. */
const distinct = <Item extends z.ZodObject<{ key: typeof key; assetId?: typeof objectId }>>(item: Item) =>
	z
		.array(item)
		.max(maxMetadataItems)
		.refine((items) => new Set(items.map((each) => pair(each as { key: string }))).size === items.length, {
			error: 'Duplicate items are not allowed'
		});

const AssetMetadataUpsertItemDto = z.object({ key, value }).meta({ id: 'AssetMetadataUpsertItemDto' });
export const metadataItems = distinct(AssetMetadataUpsertItemDto);

export const AssetMetadataUpsertDto = z.object({ items: metadataItems }).meta({ id: 'AssetMetadataUpsertDto' });

export const AssetMetadataBulkUpsertDto = z
	.object({
		items: distinct(z.object({ assetId: objectId, key, value }).meta({ id: 'AssetMetadataBulkUpsertItemDto' }))
	})
	.meta({ id: 'AssetMetadataBulkUpsertDto' });

export const AssetMetadataBulkDeleteDto = z
	.object({
		items: z
			.array(z.object({ assetId: objectId, key }).meta({ id: 'AssetMetadataBulkDeleteItemDto' }))
			.max(maxMetadataItems)
	})
	.meta({ id: 'AssetMetadataBulkDeleteDto' });

const stored = { key: z.string(), updatedAt: dateTime, value: z.record(z.string(), z.unknown()) };
export const AssetMetadataResponseDto = z.object(stored).meta({ id: 'AssetMetadataResponseDto' });
export const AssetMetadataBulkResponseDto = z
	.object({ assetId: z.string(), ...stored })
	.meta({ id: 'AssetMetadataBulkResponseDto' });
export type AssetMetadata = z.output<typeof AssetMetadataResponseDto>;

const manyItems = { maxBytes: 1024 * 1024, maxValues: 50_000 } as const;
const keyParams = objectIdParams.extend({ key });

/** What apps note about assets. */
export const assetMetadataOperations = defineUpstreamOperations({
	updateBulkAssetMetadata: {
		summary: 'Update app metadata of several photos',
		rest: 'PUT /api/assets/metadata',
		access: { permission: 'asset.update' },
		body: AssetMetadataBulkUpsertDto,
		...manyItems,
		reply: z.array(AssetMetadataBulkResponseDto)
	},
	deleteBulkAssetMetadata: {
		summary: 'Delete app metadata of several photos',
		rest: 'DELETE /api/assets/metadata',
		access: { permission: 'asset.update' },
		body: AssetMetadataBulkDeleteDto,
		...manyItems,
		status: 204
	},
	getAssetMetadata: {
		summary: 'Get the app metadata of a photo',
		rest: 'GET /api/assets/[id]/metadata',
		access: { permission: 'asset.read' },
		params: objectIdParams,
		reply: z.array(AssetMetadataResponseDto)
	},
	updateAssetMetadata: {
		summary: 'Update app metadata of a photo',
		rest: 'PUT /api/assets/[id]/metadata',
		access: { permission: 'asset.update' },
		params: objectIdParams,
		body: AssetMetadataUpsertDto,
		reply: z.array(AssetMetadataResponseDto)
	},
	getAssetMetadataByKey: {
		summary: 'Get one key of the app metadata of a photo',
		rest: 'GET /api/assets/[id]/metadata/[key]',
		access: { permission: 'asset.read' },
		params: keyParams,
		reply: AssetMetadataResponseDto
	},
	deleteAssetMetadata: {
		summary: 'Delete one key of the app metadata of a photo',
		rest: 'DELETE /api/assets/[id]/metadata/[key]',
		access: { permission: 'asset.update' },
		params: keyParams,
		status: 204
	}
});
