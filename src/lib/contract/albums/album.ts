import { z } from 'zod';
import { AssetOrder } from '../assets/asset.ts';
import { dateTime } from '../fields.ts';
import { UserResponseDto } from '../users/user.ts';

export const albumRoles = ['owner', 'editor', 'viewer'] as const;
export const AlbumUserRole = z.enum(albumRoles);
export type AlbumRole = (typeof albumRoles)[number];

export const AlbumUserResponseDto = z
	.object({ role: AlbumUserRole, user: UserResponseDto })
	.meta({ id: 'AlbumUserResponseDto' });

export const ContributorCountResponseDto = z
	.object({ userId: z.string(), assetCount: z.int() })
	.meta({ id: 'ContributorCountResponseDto' });

export const AlbumResponseDto = z
	.object({
		id: z.string(),
		albumName: z.string(),
		/** Empty if it has none. */
		description: z.string(),
		createdAt: dateTime,
		updatedAt: dateTime,
		albumThumbnailAssetId: z.string().nullable(),
		/** The owner, then the caller, then the others by name. */
		albumUsers: z.array(AlbumUserResponseDto),
		/** Whether it has other members than its owner, or a shared link. */
		shared: z.boolean(),
		hasSharedLink: z.boolean(),
		isActivityEnabled: z.boolean(),
		assetCount: z.int(),
		order: AssetOrder.optional(),
		startDate: dateTime.optional(),
		endDate: dateTime.optional(),
		lastModifiedAssetTimestamp: dateTime.optional(),
		contributorCounts: z.array(ContributorCountResponseDto).optional()
	})
	.meta({ id: 'AlbumResponseDto' });
export type Album = z.output<typeof AlbumResponseDto>;
