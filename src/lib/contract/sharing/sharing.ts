import { z } from 'zod';
import { AlbumUserRole } from '../albums/album.ts';
import { idParams, uuid } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';
import { SharedLinkSummaryDto } from '../shared-links/shared-link.ts';
import { UserAvatarColor } from '../users/user.ts';

/** How many albums, partners and links one answer lists. */
export const sharingLimit = 200;

export const SharingUserDto = z
	.object({ id: z.string(), name: z.string(), email: z.string(), avatarColor: UserAvatarColor })
	.meta({ id: 'SharingUserDto' });
export type SharingUser = z.output<typeof SharingUserDto>;

/** An album that at least two users can see; nothing of its contents. */
export const SharingAlbumDto = z
	.object({
		id: z.string(),
		albumName: z.string(),
		/** Of the user. */
		role: AlbumUserRole,
		/** All members, also the user. */
		members: z.array(z.object({ user: SharingUserDto, role: AlbumUserRole })),
		/** How many there are; more than are listed in a large album. */
		memberCount: z.int()
	})
	.meta({ id: 'SharingAlbumDto' });
export type SharingAlbum = z.output<typeof SharingAlbumDto>;

/** A shared link without its address: who has that has what the link shows. */
export const SharingLinkDto = SharedLinkSummaryDto.pick({
	id: true,
	type: true,
	createdAt: true,
	expiresAt: true,
	allowUpload: true,
	allowDownload: true,
	showMetadata: true,
	album: true,
	assetCount: true,
	visits: true,
	lastVisitDay: true,
	state: true
})
	.extend({ hasPassword: z.boolean() })
	.meta({ id: 'SharingLinkDto' });
export type SharingLink = z.output<typeof SharingLinkDto>;

/** What a user shares and what is shared with them. */
export const SharingDto = z
	.object({
		albums: z.array(SharingAlbumDto),
		albumCount: z.int(),
		/** The users who can see the user’s library. */
		sharedWith: z.array(SharingUserDto),
		/** The users whose library the user can see. */
		sharedBy: z.array(SharingUserDto),
		links: z.array(SharingLinkDto),
		linkCount: z.int()
	})
	.meta({ id: 'SharingDto' });
export type Sharing = z.output<typeof SharingDto>;

// A key needs `all`: ending what a user shares is more than reading their account.
const adminsByAll = { admin: true } as const;
const page = '/(console)/admin/users/[id=uuid]/sharing';

export const sharingOperations = defineOperations({
	getMySharing: {
		summary: 'List who can see what of yours: albums with their members, partners and shared links',
		rest: 'GET /api/users/me/sharing',
		access: { permission: 'user.read' },
		reply: SharingDto
	},
	getUserSharingAdmin: {
		summary: 'List who can see what of a user: albums with their members, partners and shared links, without contents',
		rest: 'GET /api/admin/users/[id]/sharing',
		access: { permission: 'adminUser.read', admin: true },
		params: idParams,
		reply: SharingDto
	},
	removeAlbumMemberAdmin: {
		summary: 'Remove a member from an album. An owner can’t be removed.',
		rest: 'DELETE /api/admin/users/[id]/sharing/albums/[albumId]',
		form: defineForm({ at: `${page}/albums/[albumId=uuid]?/default`, fields: z.object({}) }),
		access: adminsByAll,
		params: idParams.extend({ albumId: uuid }),
		status: 204
	},
	endPartnershipAdmin: {
		summary: 'End the sharing of a user’s library with a partner',
		rest: 'DELETE /api/admin/users/[id]/sharing/partners/[partnerId]',
		form: defineForm({ at: `${page}/partners/[partnerId=uuid]?/default`, fields: z.object({}) }),
		access: adminsByAll,
		params: idParams.extend({ partnerId: uuid }),
		status: 204
	},
	expireSharedLinkAdmin: {
		summary: 'End a user’s shared link now',
		rest: 'DELETE /api/admin/users/[id]/sharing/links/[linkId]',
		form: defineForm({ at: `${page}/links/[linkId=uuid]?/default`, fields: z.object({}) }),
		access: adminsByAll,
		params: idParams.extend({ linkId: uuid }),
		status: 204
	}
});
