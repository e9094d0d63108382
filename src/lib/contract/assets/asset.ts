import { z } from 'zod';
import { dateTime } from '../fields.ts';
import { UserResponseDto } from '../users/user.ts';

export const assetTypes = ['IMAGE', 'VIDEO', 'AUDIO', 'OTHER'] as const;
export const AssetTypeEnum = z.enum(assetTypes);
export const assetVisibilities = ['archive', 'timeline', 'hidden', 'locked'] as const;
export const AssetVisibility = z.enum(assetVisibilities);
export type Visibility = (typeof assetVisibilities)[number];
export const AssetOrder = z.enum(['asc', 'desc']);

const text = z.string().nullable().optional();
const number = z.number().nullable().optional();
const moment = dateTime.nullable().optional();

/** What a file says about itself. */
export const ExifResponseDto = z
	.object({
		city: text,
		country: text,
		dateTimeOriginal: moment,
		description: text,
		exifImageHeight: number,
		exifImageWidth: number,
		exposureTime: text,
		fNumber: number,
		fileSizeInByte: z.int().nullable().optional(),
		focalLength: number,
		iso: number,
		latitude: number,
		lensModel: text,
		longitude: number,
		make: text,
		model: text,
		modifyDate: moment,
		orientation: text,
		projectionType: text,
		rating: number,
		state: text,
		timeZone: text
	})
	.meta({ id: 'ExifResponseDto' });

export const AssetStackResponseDto = z
	.object({ id: z.string(), primaryAssetId: z.string(), assetCount: z.int() })
	.meta({ id: 'AssetStackResponseDto' });

export const AssetResponseDto = z
	.object({
		id: z.string(),
		type: AssetTypeEnum,
		ownerId: z.string(),
		owner: UserResponseDto.optional(),
		/** SHA-1 of the file, in base64. */
		checksum: z.string(),
		createdAt: dateTime,
		updatedAt: dateTime,
		fileCreatedAt: dateTime,
		fileModifiedAt: dateTime,
		/** The time on the clock where it was taken, written as if it were UTC. */
		localDateTime: dateTime,
		duplicateId: z.string().nullable().optional(),
		/** Of a video, in milliseconds. */
		duration: z.int().nullable(),
		exifInfo: ExifResponseDto.optional(),
		hasMetadata: z.boolean(),
		width: z.int().nullable(),
		height: z.int().nullable(),
		isArchived: z.boolean(),
		isEdited: z.boolean(),
		isFavorite: z.boolean(),
		isOffline: z.boolean(),
		isTrashed: z.boolean(),
		libraryId: z.string().nullable().optional(),
		livePhotoVideoId: z.string().nullable().optional(),
		originalFileName: z.string(),
		originalMimeType: z.string().optional(),
		originalPath: z.string(),
		people: z.array(z.never()).optional(),
		stack: AssetStackResponseDto.nullable().optional(),
		tags: z.array(z.never()).optional(),
		/** In base64. */
		thumbhash: z.string().nullable(),
		visibility: AssetVisibility
	})
	.meta({ id: 'AssetResponseDto' });
export type Asset = z.output<typeof AssetResponseDto>;
