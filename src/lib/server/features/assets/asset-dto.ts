import path from 'node:path';
import type { z } from 'zod';
import { assetTypes, type Asset, type ExifResponseDto } from '#lib/contract/assets/asset.ts';
import { toUserDto } from '#lib/server/features/users/index.ts';
import type { Identity } from '#lib/server/platform/caller/caller.ts';
import type { AssetRow } from './asset.repository.ts';
import { findMimeType } from './file-types.ts';

const toType = (stored: string): Asset['type'] => assetTypes.find((type) => type === stored) ?? 'OTHER';

const toExifDto = (exif: NonNullable<AssetRow['exif']>): z.input<typeof ExifResponseDto> => ({
	city: exif.city,
	country: exif.country,
	dateTimeOriginal: exif.dateTimeOriginal?.toISOString() ?? null,
	description: exif.description,
	exifImageHeight: exif.exifImageHeight,
	exifImageWidth: exif.exifImageWidth,
	exposureTime: exif.exposureTime,
	fNumber: exif.fNumber,
	fileSizeInByte: exif.fileSizeInByte === null ? null : Number(exif.fileSizeInByte),
	focalLength: exif.focalLength,
	iso: exif.iso,
	latitude: exif.latitude,
	lensModel: exif.lensModel,
	longitude: exif.longitude,
	make: exif.make,
	model: exif.model,
	modifyDate: exif.modifyDate?.toISOString() ?? null,
	orientation: exif.orientation,
	projectionType: exif.projectionType,
	rating: exif.rating,
	state: exif.state,
	timeZone: exif.timeZone
});

/** What the grid needs to lay out a photo. */
const layout = (row: AssetRow) => ({
	id: row.id,
	type: toType(row.type),
	thumbhash: row.thumbhash === null ? null : Buffer.from(row.thumbhash).toString('base64'),
	duration: row.duration,
	livePhotoVideoId: row.livePhotoVideoId,
	width: row.width,
	height: row.height,
	isTrashed: row.deletedAt !== null,
	isArchived: row.visibility === 'archive',
	isEdited: row.isEdited,
	visibility: row.visibility
});

/**
 * What a caller can see of an asset that they have access to. Only its owner sees where the file is and whether it is a
 * favorite; a shared link that hides metadata shows no more than the layout needs, and the day.
 * Source: docs/wire-reference/shared-links.md#sharedlinkresponsedto.
 */
export function toAssetDto(row: AssetRow, { user, credential }: Identity): Asset {
	if (credential.kind === 'sharedLink' && !credential.showMetadata) return withoutMetadata(row, user.id);
	const isVisitor = credential.kind === 'sharedLink';
	return describe(row, { isOwn: !isVisitor && row.ownerId === user.id, isVisitor });
}

/** What the owner of an asset sees of it. */
export const toOwnAssetDto = (row: AssetRow): Asset => describe(row, { isOwn: true, isVisitor: false });

function describe(row: AssetRow, { isOwn, isVisitor }: { isOwn: boolean; isVisitor: boolean }): Asset {
	return {
		...layout(row),
		ownerId: row.ownerId,
		// A stranger doesn't get an email.
		...(!isVisitor && { owner: toUserDto(row.owner) }),
		checksum: Buffer.from(row.checksum).toString('base64'),
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
		fileCreatedAt: row.fileCreatedAt.toISOString(),
		fileModifiedAt: row.fileModifiedAt.toISOString(),
		localDateTime: row.localDateTime.toISOString(),
		duplicateId: isOwn ? row.duplicateId : null,
		...(row.exif && { exifInfo: toExifDto(row.exif) }),
		hasMetadata: true,
		isFavorite: isOwn && row.isFavorite,
		isOffline: row.isOffline,
		libraryId: row.libraryId,
		originalFileName: row.originalFileName,
		originalMimeType: findMimeType(row.originalFileName),
		originalPath: isOwn ? row.originalPath : '',
		people: [],
		tags: [],
		stack: row.stack && {
			id: row.stack.id,
			primaryAssetId: row.stack.primaryAssetId,
			assetCount: row.stack._count.assets
		}
	};
}

/** Official apps refuse a response that lacks required fields, so these are present but empty. */
function withoutMetadata(row: AssetRow, linkOwnerId: string): Asset {
	const day = `${row.localDateTime.toISOString().slice(0, 10)}T00:00:00.000Z`;
	return {
		...layout(row),
		ownerId: linkOwnerId,
		checksum: '',
		createdAt: day,
		updatedAt: day,
		fileCreatedAt: day,
		fileModifiedAt: day,
		localDateTime: day,
		hasMetadata: false,
		isFavorite: false,
		isOffline: false,
		originalFileName: `photo${path.extname(row.originalFileName).toLowerCase()}`,
		originalMimeType: findMimeType(row.originalFileName),
		originalPath: ''
	};
}
