import { z } from 'zod';
import { AssetOrder } from '../assets/asset.ts';
import { listChosen } from '../assets/chosen-ids.ts';
import { chosenPhotos, somePhotos } from '../assets/chosen-photos.ts';
import { objectId, objectIdParams, queryBoolean } from '../fields.ts';
import { defineForm, defineUpstreamOperations } from '../operation.ts';
import { AlbumResponseDto, AlbumUserRole } from './album.ts';

/** How many photos one request can name, and the body that takes. */
const mostAssets = 20_000;
const manyIds = { maxBytes: 1024 * 1024, maxValues: mostAssets + 1_000 } as const;
/** How many rows one request can add. */
const mostPairs = 100_000;
const mostUsers = 500;

const assetIds = z.array(objectId).max(mostAssets);
const albumName = z.string().max(1_000);
const description = z.string().max(10_000).nullable();

export const bulkErrors = ['duplicate', 'no_permission', 'not_found', 'unknown', 'validation'] as const;
export const BulkIdErrorReason = z.enum(bulkErrors);

export const BulkIdResponseDto = z
	.object({
		id: z.string(),
		success: z.boolean(),
		error: BulkIdErrorReason.optional(),
		errorMessage: z.string().optional()
	})
	.meta({ id: 'BulkIdResponseDto' });
export type BulkResult = z.output<typeof BulkIdResponseDto>;

export const BulkIdsDto = z.object({ ids: assetIds }).meta({ id: 'BulkIdsDto' });

const AlbumUserCreateDto = z.object({ userId: objectId, role: AlbumUserRole }).meta({ id: 'AlbumUserCreateDto' });

export const CreateAlbumDto = z
	.object({
		albumName,
		description: description.optional(),
		/** Those that the caller can't share are left out. */
		assetIds: assetIds.optional(),
		albumUsers: z.array(AlbumUserCreateDto).max(mostUsers).optional()
	})
	.meta({ id: 'CreateAlbumDto' });

export const UpdateAlbumDto = z
	.object({
		albumName: albumName.optional(),
		description: description.optional(),
		albumThumbnailAssetId: objectId.optional(),
		isActivityEnabled: z.boolean().optional(),
		order: AssetOrder.optional()
	})
	.meta({ id: 'UpdateAlbumDto' });

export const AlbumsAddAssetsDto = z
	.object({ albumIds: z.array(objectId).max(mostUsers), assetIds })
	.refine(({ albumIds, assetIds: added }) => albumIds.length * added.length <= mostPairs, {
		error: `Too big: expected at most ${mostPairs} photos in all albums together`
	})
	.meta({ id: 'AlbumsAddAssetsDto' });

export const AlbumsAddAssetsResponseDto = z
	.object({ success: z.boolean(), error: BulkIdErrorReason.optional() })
	.meta({ id: 'AlbumsAddAssetsResponseDto' });

export const AddUsersDto = z
	.object({
		albumUsers: z
			.array(z.object({ userId: objectId, role: AlbumUserRole.default('editor') }).meta({ id: 'AlbumUserAddDto' }))
			.min(1)
			.max(mostUsers)
	})
	.meta({ id: 'AddUsersDto' });

export const UpdateAlbumUserDto = z.object({ role: AlbumUserRole }).meta({ id: 'UpdateAlbumUserDto' });

export const AlbumStatisticsResponseDto = z
	.object({ owned: z.int(), shared: z.int(), notShared: z.int() })
	.meta({ id: 'AlbumStatisticsResponseDto' });

const text = z.string().nullable();
export const MapMarkerResponseDto = z
	.object({ id: z.string(), lat: z.number(), lon: z.number(), city: text, state: text, country: text })
	.meta({ id: 'MapMarkerResponseDto' });
export type MapMarker = z.output<typeof MapMarkerResponseDto>;

export const AlbumQuery = z.object({
	id: objectId.optional(),
	/** Exact. */
	name: z.string().max(1_000).optional(),
	/** Albums that contain this photo; the other parameters are ignored. */
	assetId: objectId.optional(),
	isOwned: queryBoolean.optional(),
	isShared: queryBoolean.optional()
});
export type AlbumQuery = z.output<typeof AlbumQuery>;

const albumPage = '/(console)/albums/[id=uuid]';
const photoPage = `${albumPage}/[assetId=uuid]` as const;
/** What the console's forms accept. */
const typedName = z.string().trim().min(1, 'Enter a name').max(200);
const typedDescription = z.string().trim().max(2_000);
const memberRole = z.enum(['editor', 'viewer']);

const memberParams = z.object({ id: objectId, userId: objectId });

export const albumOperations = defineUpstreamOperations({
	getAllAlbums: {
		summary: 'List the albums that one owns or is a member of',
		rest: 'GET /api/albums',
		access: { permission: 'album.read' },
		query: AlbumQuery,
		reply: z.array(AlbumResponseDto)
	},
	createAlbum: {
		summary: 'Create an album',
		rest: 'POST /api/albums',
		form: defineForm({
			at: ['/(console)/albums/new?/default', '/(console)/albums/add?/create'],
			fields: z.object({ albumName: typedName, description: typedDescription, assets: chosenPhotos }),
			toBody: ({ assets, ...fields }) => ({ ...fields, assetIds: listChosen(assets) }),
			result: z.object({ id: z.string() })
		}),
		access: { permission: 'album.create' },
		body: CreateAlbumDto,
		...manyIds,
		reply: AlbumResponseDto,
		status: 201
	},
	getAlbumStatistics: {
		summary: 'Count your and shared albums',
		rest: 'GET /api/albums/statistics',
		access: { permission: 'album.statistics' },
		reply: AlbumStatisticsResponseDto
	},
	addAssetsToAlbums: {
		summary: 'Add photos to several albums',
		rest: 'PUT /api/albums/assets',
		access: { permission: 'albumAsset.create' },
		body: AlbumsAddAssetsDto,
		...manyIds,
		reply: AlbumsAddAssetsResponseDto
	},
	getAlbumInfo: {
		summary: 'Get an album',
		rest: 'GET /api/albums/[id]',
		access: { permission: 'album.read', sharedLink: true },
		params: objectIdParams,
		reply: AlbumResponseDto
	},
	updateAlbumInfo: {
		summary: 'Rename an album, or change its description, cover, order or activity',
		rest: 'PATCH /api/albums/[id]',
		form: defineForm({
			at: [`${albumPage}/edit?/default`, `${photoPage}?/cover`],
			fields: z
				.object({
					/** Which of the two forms it is: only its fields are changed. */
					what: z.enum(['details', 'cover']),
					albumName: typedName.optional(),
					description: typedDescription,
					order: AssetOrder,
					isActivityEnabled: z.boolean(),
					cover: objectId.optional()
				})
				.refine(({ what, albumName: typed }) => what === 'cover' || typed !== undefined, {
					path: ['albumName'],
					error: 'Enter a name'
				}),
			toBody: ({ what, cover, ...details }) => (what === 'cover' ? { albumThumbnailAssetId: cover } : details)
		}),
		access: { permission: 'album.update' },
		params: objectIdParams,
		body: UpdateAlbumDto,
		reply: AlbumResponseDto
	},
	deleteAlbum: {
		summary: 'Delete an album; its photos stay',
		rest: 'DELETE /api/albums/[id]',
		form: defineForm({ at: `${albumPage}/delete?/default`, fields: z.object({}) }),
		access: { permission: 'album.delete' },
		params: objectIdParams,
		status: 204
	},
	getAlbumMapMarkers: {
		summary: 'List where the photos of an album were taken',
		rest: 'GET /api/albums/[id]/map-markers',
		access: { permission: 'album.read', sharedLink: true },
		params: objectIdParams,
		reply: z.array(MapMarkerResponseDto)
	},
	addAssetsToAlbum: {
		summary: 'Add photos to an album',
		rest: 'PUT /api/albums/[id]/assets',
		form: defineForm({
			at: [`${albumPage}/add?/default`, '/(console)/albums/add?/add'],
			fields: z.object({ album: z.union([objectId], 'Choose an album.'), assets: somePhotos }),
			toBody: ({ assets }) => ({ ids: listChosen(assets) }),
			toParams: ({ album }) => ({ id: album })
		}),
		access: { permission: 'albumAsset.create' },
		params: objectIdParams,
		body: BulkIdsDto,
		...manyIds,
		reply: z.array(BulkIdResponseDto)
	},
	removeAssetFromAlbum: {
		summary: 'Remove photos from an album; editors only their own',
		rest: 'DELETE /api/albums/[id]/assets',
		form: defineForm({
			at: [`${photoPage}?/remove`, `${albumPage}?/remove`],
			fields: z.object({ assets: somePhotos }),
			toBody: ({ assets }) => ({ ids: listChosen(assets) })
		}),
		access: { permission: 'albumAsset.delete' },
		params: objectIdParams,
		body: BulkIdsDto,
		...manyIds,
		reply: z.array(BulkIdResponseDto)
	},
	addUsersToAlbum: {
		summary: 'Share an album with users',
		rest: 'PUT /api/albums/[id]/users',
		form: defineForm({
			at: `${albumPage}/members?/add`,
			fields: z.object({ user: objectId, role: memberRole }),
			toBody: ({ user, role }) => ({ albumUsers: [{ userId: user, role }] })
		}),
		access: { permission: 'albumUser.create' },
		params: objectIdParams,
		body: AddUsersDto,
		reply: AlbumResponseDto
	},
	updateAlbumUser: {
		summary: 'Change the role of a member of an album',
		rest: 'PUT /api/albums/[id]/user/[userId]',
		form: defineForm({
			at: `${albumPage}/members?/role`,
			fields: z.object({ user: objectId, role: memberRole }),
			toBody: ({ role }) => ({ role }),
			toParams: ({ user }) => ({ userId: user })
		}),
		access: { permission: 'albumUser.update' },
		params: memberParams,
		body: UpdateAlbumUserDto,
		status: 204
	},
	removeUserFromAlbum: {
		summary: 'Remove a member from an album, or leave it',
		rest: 'DELETE /api/albums/[id]/user/[userId]',
		form: defineForm({
			at: [`${albumPage}/members?/remove`, `${albumPage}/leave?/default`],
			fields: z.object({ user: z.string().max(36) }),
			toParams: ({ user }) => ({ userId: user })
		}),
		access: { permission: 'albumUser.delete' },
		params: z.object({
			id: objectId,
			/** `me` leaves the album. */
			userId: z.union([z.literal('me'), objectId])
		}),
		status: 204
	}
});
