import { randomBytes, randomUUID } from 'node:crypto';
import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import type { Identity, SharedLinkCredential } from '#lib/server/platform/caller/caller.ts';
import { guard } from './log-scan.ts';
import { buildPhoto } from './photos.ts';

type AlbumRole = 'owner' | 'editor' | 'viewer';

/** Creates rows of albums, partners and shared links directly in the database. */
export class Sharing {
	readonly #prisma: PrismaClient;

	constructor(prisma: PrismaClient) {
		this.#prisma = prisma;
	}

	async makeUser(fields: Partial<Prisma.UserUncheckedCreateInput> = {}): Promise<string> {
		const { id: clusterGroupId } = await this.#prisma.clusterGroup.create({ data: {} });
		const email = `${randomUUID()}@example.com`;
		return (await this.#prisma.user.create({ data: { email, clusterGroupId, ...fields } })).id;
	}

	async makePhoto(ownerId: string, fields: Parameters<typeof buildPhoto>[1] = {}): Promise<string> {
		return (await this.#prisma.asset.create({ data: buildPhoto(ownerId, fields) })).id;
	}

	/** Creates an album with these members and assets; the first member is usually the owner. */
	async makeAlbum(
		members: readonly (readonly [userId: string, role: AlbumRole])[],
		assetIds: readonly string[] = []
	): Promise<string> {
		const { id } = await this.#prisma.album.create({
			data: {
				users: { create: members.map(([userId, role]) => ({ userId, role })) },
				assets: { create: assetIds.map((assetId) => ({ assetId })) }
			}
		});
		return id;
	}

	async makePartner(sharedById: string, sharedWithId: string): Promise<void> {
		await this.#prisma.partner.create({ data: { sharedById, sharedWithId } });
	}

	/** Creates a link to an album, or to single assets. */
	async makeLink(
		userId: string,
		{
			albumId,
			assetIds = [],
			...fields
		}: Partial<Prisma.SharedLinkUncheckedCreateInput> & { assetIds?: readonly string[] }
	): Promise<{ id: string; key: string }> {
		const key = randomBytes(50);
		const { id } = await this.#prisma.sharedLink.create({
			data: {
				userId,
				key,
				type: albumId ? 'ALBUM' : 'INDIVIDUAL',
				...(albumId ? { albumId } : {}),
				assets: { create: assetIds.map((assetId) => ({ assetId })) },
				...fields
			}
		});
		return { id, key: guard('a share key', key.toString('base64url')) };
	}
}

const nobody = {
	email: '',
	name: '',
	isAdmin: false,
	avatarColor: null,
	profileImagePath: '',
	profileChangedAt: new Date(0)
};

/** Returns a user with a session. */
export const asUser = (id: string, { isAdmin = false, isElevated = false } = {}): Identity => ({
	user: { ...nobody, id, isAdmin },
	credential: {
		kind: 'session',
		sessionId: randomUUID(),
		isAmbient: true,
		expiresAt: null,
		pinExpiresAt: isElevated ? new Date(Date.now() + 60_000) : null,
		signedInAt: null,
		mustChangePassword: false
	}
});

/** Returns a user with an API key that has every permission. */
export const asApiKey = (id: string): Identity => ({
	user: { ...nobody, id },
	credential: {
		kind: 'apiKey',
		keyId: randomUUID(),
		isAmbient: false,
		keyHash: new Uint8Array(),
		permissions: ['all'],
		expiresAt: null
	}
});

/** Returns a visitor of a shared link of this user. */
export const asLink = (
	userId: string,
	linkId: string,
	rights: Partial<Pick<SharedLinkCredential, 'allowUpload' | 'allowDownload' | 'albumId'>> = {}
): Identity => ({
	user: { ...nobody, id: userId },
	credential: {
		kind: 'sharedLink',
		isAmbient: true,
		linkId,
		albumId: null,
		isProven: true,
		allowUpload: true,
		allowDownload: true,
		showMetadata: true,
		...rights
	}
});
