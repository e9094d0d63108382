import { z } from 'zod';
import { AlbumResponseDto } from '../albums/album.ts';
import { AssetMediaCreateDto, AssetMediaResponseDto, uploadForm } from '../assets/asset-upload.ts';
import { AssetResponseDto } from '../assets/asset.ts';
import {
	byteLength,
	dateTime,
	objectIdParams,
	maxPasswordBytes,
	secret,
	sentMoment,
	sentPassword,
	objectId
} from '../fields.ts';
import { defineForm, defineUpstreamOperations, stream } from '../operation.ts';
import {
	createLinkForm,
	editLinkForm,
	isSlug,
	maxLinkAssets,
	ownLink,
	pagesOfVisitors,
	uploadsOfVisitors
} from './link-form.ts';

export const sharedLinkTypes = ['ALBUM', 'INDIVIDUAL'] as const;
export const SharedLinkType = z.enum(sharedLinkTypes);

/** 10,000 quoted IDs with room to spare. */
const maxAssetIdBytes = 512 * 1024;

/**
 * Returned instead of a link's password, which is stored only as a hash, so that clients can show that there is one.
 * Clients send it back with an edited link: as a new password it means no change.
 */
export const passwordPlaceholder = '********';

const emptyToNull = (text: string | null): string | null => text || null;

const description = z.string().max(1_000).nullable().transform(emptyToNull);
const slug = z.string().max(100).refine(isSlug, 'Invalid slug').nullable().transform(emptyToNull);
const password = secret(
	z
		.string()
		.max(maxPasswordBytes)
		.refine((text) => byteLength(text) <= maxPasswordBytes, {
			error: `Too long: a password may have at most ${maxPasswordBytes} bytes`
		})
)
	.nullable()
	.transform(emptyToNull);
const assetIds = z.array(objectId).max(maxLinkAssets);

/** The key or slug of a link. A visitor's credential: the auth hook reads it, not the operation. */
export const linkQuery = z.object({ key: z.string().max(200).optional(), slug: z.string().max(200).optional() });

export const SharedLinkResponseDto = z
	.object({
		id: z.string(),
		type: SharedLinkType,
		/** 50 random bytes in base64url. */
		key: z.string(),
		slug: z.string().nullable(),
		userId: z.string(),
		description: z.string().nullable(),
		/** A placeholder if the link has a password; always null for visitors. */
		password: z.string().nullable(),
		createdAt: dateTime,
		expiresAt: dateTime.nullable(),
		allowUpload: z.boolean(),
		allowDownload: z.boolean(),
		showMetadata: z.boolean(),
		/** What an individual link still shows; empty for a link to an album. */
		assets: z.array(AssetResponseDto),
		album: AlbumResponseDto.optional()
	})
	.meta({ id: 'SharedLinkResponseDto' });
export type SharedLink = z.output<typeof SharedLinkResponseDto>;

export const SharedLinkCreateDto = z
	.object({
		type: SharedLinkType,
		albumId: objectId.optional(),
		assetIds: assetIds.optional(),
		description: description.optional(),
		password: password.optional(),
		slug: slug.optional(),
		expiresAt: sentMoment.nullable().optional(),
		allowUpload: z.boolean().default(true),
		allowDownload: z.boolean().default(true),
		showMetadata: z.boolean().default(true)
	})
	.check(({ value, issues }) => {
		if (value.type === 'ALBUM' && value.albumId === undefined)
			issues.push({
				code: 'custom',
				path: ['albumId'],
				input: value.albumId,
				message: 'albumId is required for type ALBUM'
			});
		if (value.type === 'INDIVIDUAL' && !value.assetIds?.length)
			issues.push({
				code: 'custom',
				path: ['assetIds'],
				input: value.assetIds,
				message: 'assetIds is required for type INDIVIDUAL'
			});
	})
	.meta({ id: 'SharedLinkCreateDto' });
export type SharedLinkCreateDto = z.output<typeof SharedLinkCreateDto>;

export const SharedLinkEditDto = z
	.object({
		description: description.optional(),
		password: password.optional(),
		/** If absent, the link loses its slug. */
		slug: slug.optional(),
		expiresAt: sentMoment.nullable().optional(),
		allowUpload: z.boolean().optional(),
		allowDownload: z.boolean().optional(),
		showMetadata: z.boolean().optional()
	})
	.meta({ id: 'SharedLinkEditDto' });
export type SharedLinkEditDto = z.output<typeof SharedLinkEditDto>;

export const AssetIdsDto = z.object({ assetIds }).meta({ id: 'AssetIdsDto' });

export const AssetIdsResponseDto = z
	.object({
		assetId: z.string(),
		success: z.boolean(),
		error: z.enum(['duplicate', 'no_permission', 'not_found']).optional()
	})
	.meta({ id: 'AssetIdsResponseDto' });
export type AssetIdsResult = z.output<typeof AssetIdsResponseDto>;

/** A link as its owner sees it in a list: without its assets, with how often it was opened. */
export const SharedLinkSummaryDto = SharedLinkResponseDto.omit({ assets: true, album: true })
	.extend({
		album: z.object({ id: z.string(), albumName: z.string() }).nullable(),
		/** How many photos and videos it shows. */
		assetCount: z.int(),
		/** One of the assets, for a preview. */
		thumbnailAssetId: z.string().nullable(),
		/** How often it was opened. */
		visits: z.int(),
		/** The last day on which it was opened, in UTC. */
		lastVisitDay: z.string().nullable(),
		state: z.enum(['live', 'expired', 'ended'])
	})
	.meta({ id: 'SharedLinkSummaryDto' });
export type SharedLinkSummary = z.output<typeof SharedLinkSummaryDto>;

export const SharedLinkPageDto = z
	.object({ links: z.array(SharedLinkSummaryDto), total: z.int(), next: objectId.nullable() })
	.meta({ id: 'SharedLinkPageDto' });
export type SharedLinkPage = z.output<typeof SharedLinkPageDto>;

/** Returns the links after this one. */
export const SharedLinkPageQuery = z.object({ after: objectId.optional() });

/** Immich names no permission for these two. */
const visitors = { sharedLink: 'withoutPassword' } as const;

export const sharedLinkOperations = defineUpstreamOperations({
	getAllSharedLinks: {
		summary: 'List your shared links, newest first',
		rest: 'GET /api/shared-links',
		access: { permission: 'sharedLink.read' },
		query: z.object({ id: objectId.optional(), albumId: objectId.optional() }),
		reply: stream(SharedLinkResponseDto)
	},
	createSharedLink: {
		summary: 'Create a shared link to an album or to single photos',
		rest: 'POST /api/shared-links',
		form: createLinkForm,
		access: { permission: 'sharedLink.create' },
		body: SharedLinkCreateDto,
		maxBytes: maxAssetIdBytes,
		maxValues: 2 * maxLinkAssets,
		reply: SharedLinkResponseDto,
		status: 201
	},
	getSharedLinkPage: {
		summary: 'List your shared links with how often each was opened, newest first, a page at a time',
		rest: 'GET /api/shared-links/details',
		access: { permission: 'sharedLink.read' },
		query: SharedLinkPageQuery,
		reply: SharedLinkPageDto
	},
	getMySharedLink: {
		summary: 'Get the shared link that the request is made with',
		rest: 'GET /api/shared-links/me',
		access: visitors,
		query: linkQuery,
		reply: SharedLinkResponseDto
	},
	sharedLinkLogin: {
		summary: 'Enter the password of a shared link; a cookie keeps the proof for a day',
		rest: 'POST /api/shared-links/login',
		access: visitors,
		query: linkQuery,
		body: z.object({ password: sentPassword }).meta({ id: 'SharedLinkLoginDto' }),
		reply: SharedLinkResponseDto,
		status: 201
	},
	getSharedLinkById: {
		summary: 'Get one of your shared links',
		rest: 'GET /api/shared-links/[id]',
		access: { permission: 'sharedLink.read' },
		params: objectIdParams,
		reply: SharedLinkResponseDto
	},
	updateSharedLink: {
		summary: 'Change one of your shared links; without a slug in the body it loses its slug',
		rest: 'PATCH /api/shared-links/[id]',
		form: editLinkForm,
		access: { permission: 'sharedLink.update' },
		params: objectIdParams,
		body: SharedLinkEditDto,
		reply: SharedLinkResponseDto
	},
	expireSharedLink: {
		summary: 'End one of your shared links now; it can be extended again',
		rest: 'POST /api/shared-links/[id]/expire',
		form: defineForm({ at: `${ownLink}?/expire`, fields: z.object({}) }),
		access: { permission: 'sharedLink.update' },
		params: objectIdParams,
		status: 204
	},
	openSharedLink: {
		summary: 'Enter the password of a shared link on its page',
		form: defineForm({
			at: pagesOfVisitors,
			fields: z.object({ password: sentPassword.min(1) }),
			toBody: (fields) => fields
		}),
		access: { public: true },
		body: z.object({ password: sentPassword })
	},
	uploadToSharedLink: {
		summary: 'Upload a photo or video on the page of a shared link',
		form: defineForm({ at: uploadsOfVisitors, ...uploadForm, result: AssetMediaResponseDto }),
		access: { public: true },
		multipart: 'streamed',
		body: AssetMediaCreateDto,
		reply: AssetMediaResponseDto
	},
	removeSharedLink: {
		summary: 'Delete one of your shared links',
		rest: 'DELETE /api/shared-links/[id]',
		form: defineForm({ at: `${ownLink}/delete?/default`, fields: z.object({}) }),
		access: { permission: 'sharedLink.delete' },
		params: objectIdParams,
		status: 204
	},
	addSharedLinkAssets: {
		summary: 'Add photos to a shared link that is not to an album',
		rest: 'PUT /api/shared-links/[id]/assets',
		access: { permission: 'sharedLink.update' },
		params: objectIdParams,
		body: AssetIdsDto,
		maxBytes: maxAssetIdBytes,
		maxValues: 2 * maxLinkAssets,
		reply: z.array(AssetIdsResponseDto)
	},
	removeSharedLinkAssets: {
		summary: 'Remove photos from a shared link that is not to an album',
		rest: 'DELETE /api/shared-links/[id]/assets',
		access: { permission: 'sharedLink.update' },
		params: objectIdParams,
		body: AssetIdsDto,
		maxBytes: maxAssetIdBytes,
		maxValues: 2 * maxLinkAssets,
		reply: z.array(AssetIdsResponseDto)
	}
});
