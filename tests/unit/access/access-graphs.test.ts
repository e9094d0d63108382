import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStore, type Store } from '#lib/server/app/store.ts';
import type { ObjectPermission } from '#lib/server/features/access/access-rules.ts';
import { checkAccess } from '#lib/server/features/access/index.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { buildPhoto } from '#tests/support/photos.ts';
import { asLink, asUser } from '#tests/support/sharing.ts';
import { testVault } from '#tests/support/vault.ts';

const userCount = 5;
const assetCount = 8;
const albumCount = 3;
const linkCount = 4;

const user = fc.nat(userCount - 1);
const visibility = fc.constantFrom('timeline', 'archive', 'locked' as const);
const members = fc
	.tuple(user, fc.uniqueArray(fc.tuple(user, fc.constantFrom('editor', 'viewer' as const)), { selector: ([id]) => id }))
	.map(([owner, others]) => [[owner, 'owner'] as const, ...others.filter(([id]) => id !== owner)]);
const someAssets = fc.uniqueArray(fc.nat(assetCount - 1), { maxLength: 5 });

/** Everything that decides about access, by number. */
const graphs = fc.record({
	deletedUsers: fc.uniqueArray(user, { maxLength: 1 }),
	assets: fc.array(fc.record({ owner: user, visibility, isTrashed: fc.boolean(), hasMotion: fc.boolean() }), {
		minLength: assetCount,
		maxLength: assetCount
	}),
	albums: fc.array(fc.record({ members, assets: someAssets, isDeleted: fc.boolean() }), {
		minLength: albumCount,
		maxLength: albumCount
	}),
	partners: fc.uniqueArray(
		fc.tuple(user, user).filter(([by, to]) => by !== to),
		{
			selector: ([by, to]) => `${by} ${to}`,
			maxLength: 4
		}
	),
	links: fc.array(
		fc.record({
			creator: user,
			album: fc.option(fc.nat(albumCount - 1)),
			assets: someAssets,
			isExpired: fc.boolean(),
			allowDownload: fc.boolean()
		}),
		{ minLength: linkCount, maxLength: linkCount }
	)
});
type Graph = typeof graphs extends fc.Arbitrary<infer Value> ? Value : never;
type Caller = { readonly user: number; readonly isElevated: boolean } | { readonly link: number };

/** The rules once more, read from the wire reference, for one asset at a time. */
function expectAccess(graph: Graph, caller: Caller, permission: ObjectPermission, index: number): boolean {
	const asset = graph.assets[index];
	if (!asset) return false;
	const isGone = (id: number) => graph.deletedUsers.includes(id);
	const isShown = !asset.isTrashed && asset.visibility !== 'locked' && !isGone(asset.owner);
	const isAlbumLive = (album: Graph['albums'][number]) =>
		!album.isDeleted && !album.members.some(([id, role]) => role === 'owner' && isGone(id));
	const isPartner = (receiver: number) =>
		isShown &&
		asset.visibility === 'timeline' &&
		graph.partners.some(([by, to]) => by === asset.owner && to === receiver);
	const isOnLink = (link: Graph['links'][number]) => {
		if (link.isExpired || isGone(link.creator) || !isShown) return false;
		if (link.album === null)
			return link.assets.includes(index) && (asset.owner === link.creator || isPartner(link.creator));
		const album = graph.albums[link.album];
		return (
			album !== undefined &&
			isAlbumLive(album) &&
			album.assets.includes(index) &&
			album.members.some(([id, role]) => id === link.creator && role !== 'viewer')
		);
	};
	if ('link' in caller) {
		const link = graph.links[caller.link];
		if (!link || !isOnLink(link)) return false;
		return permission === 'asset.read' || (permission === 'asset.download' && link.allowDownload);
	}
	const isOwner = asset.owner === caller.user;
	switch (permission) {
		case 'asset.update':
			return isOwner && (asset.visibility !== 'locked' || caller.isElevated);
		case 'asset.share':
			return (isOwner && asset.visibility !== 'locked') || isPartner(caller.user);
		default: {
			const isInAlbum = graph.albums.some(
				(album) =>
					isShown &&
					isAlbumLive(album) &&
					album.assets.includes(index) &&
					album.members.some(([id]) => id === caller.user)
			);
			return (isOwner && (asset.visibility !== 'locked' || caller.isElevated)) || isInAlbum || isPartner(caller.user);
		}
	}
}

const checked = ['asset.read', 'asset.download', 'asset.share', 'asset.update'] as const;
const callers: Caller[] = [
	...Array.from({ length: userCount }, (_, index) => ({ user: index, isElevated: false })),
	...Array.from({ length: userCount }, (_, index) => ({ user: index, isElevated: true })),
	...Array.from({ length: linkCount }, (_, index) => ({ link: index }))
];

let database: TestDatabase;
let store: Store;
let clusterGroupId = '';

beforeAll(async () => {
	database = await createTestDatabase();
	store = createStore({ ...database, vault: testVault });
	clusterGroupId = (await database.prisma.clusterGroup.create({ data: {} })).id;
});

afterAll(() => database.close());

/** Stores the graph beside earlier ones; returns the IDs by number. */
async function build(graph: Graph) {
	const { prisma } = database;
	const users = Array.from({ length: userCount }, () => randomUUID());
	await prisma.user.createMany({
		data: users.map((id, index) => ({
			id,
			email: `${id}@example.com`,
			clusterGroupId,
			deletedAt: graph.deletedUsers.includes(index) ? new Date() : null
		}))
	});
	const idOf = (index: number) => users[index] ?? '';
	const assets = graph.assets.map(() => randomUUID());
	const motions = graph.assets.map(({ hasMotion }) => (hasMotion ? randomUUID() : null));
	await prisma.asset.createMany({
		data: graph.assets.flatMap(({ owner }, index) =>
			motions[index]
				? [{ ...buildPhoto(idOf(owner), { visibility: 'hidden', type: 'VIDEO' }), id: motions[index] }]
				: []
		)
	});
	await prisma.asset.createMany({
		data: graph.assets.map(({ owner, isTrashed, ...asset }, index) => ({
			...buildPhoto(idOf(owner), { visibility: asset.visibility, deletedAt: isTrashed ? new Date() : null }),
			id: assets[index] ?? '',
			livePhotoVideoId: motions[index] ?? null
		}))
	});
	const albums = graph.albums.map(() => randomUUID());
	await prisma.album.createMany({
		data: graph.albums.map(({ isDeleted }, index) => ({
			id: albums[index] ?? '',
			deletedAt: isDeleted ? new Date() : null
		}))
	});
	await prisma.albumUser.createMany({
		data: graph.albums.flatMap((album, index) =>
			album.members.map(([id, role]) => ({ albumId: albums[index] ?? '', userId: idOf(id), role }))
		)
	});
	await prisma.albumAsset.createMany({
		data: graph.albums.flatMap((album, index) =>
			album.assets.map((asset) => ({ albumId: albums[index] ?? '', assetId: assets[asset] ?? '' }))
		)
	});
	await prisma.partner.createMany({
		data: graph.partners.map(([by, to]) => ({ sharedById: idOf(by), sharedWithId: idOf(to) }))
	});
	const links = graph.links.map(() => randomUUID());
	await prisma.sharedLink.createMany({
		data: graph.links.map(({ creator, album, isExpired }, index) => ({
			id: links[index] ?? '',
			userId: idOf(creator),
			key: randomBytes(50),
			type: album === null ? 'INDIVIDUAL' : 'ALBUM',
			albumId: album === null ? null : (albums[album] ?? null),
			expiresAt: isExpired ? new Date(0) : null
		}))
	});
	await prisma.sharedLinkAsset.createMany({
		data: graph.links.flatMap((link, index) =>
			link.album === null
				? link.assets.map((asset) => ({ sharedLinkId: links[index] ?? '', assetId: assets[asset] ?? '' }))
				: []
		)
	});
	return { users, assets, motions, links };
}

/** Compares every caller, permission and asset with the rules above. */
async function compare(graph: Graph): Promise<void> {
	const { users, assets, motions, links } = await build(graph);
	const ids = [...assets, ...motions.filter((id) => id !== null)];
	const toAuth = (caller: Caller) => {
		if ('user' in caller) return asUser(users[caller.user] ?? '', { isElevated: caller.isElevated });
		const link = graph.links[caller.link];
		return asLink(users[link?.creator ?? 0] ?? '', links[caller.link] ?? '', {
			allowDownload: link?.allowDownload ?? false
		});
	};
	const found: string[] = [];
	const expected: string[] = [];
	for (const caller of callers) {
		for (const permission of checked) {
			const allowed = await checkAccess(store, { auth: toAuth(caller), permission, ids });
			for (const [index, id] of assets.entries()) {
				const name = `${JSON.stringify(caller)} ${permission} ${index}`;
				const motion = motions[index];
				if (allowed.has(id)) found.push(name);
				if (motion && allowed.has(motion)) found.push(`${name} motion`);
				if (!expectAccess(graph, caller, permission, index)) continue;
				expected.push(name);
				if (motion) expected.push(`${name} motion`);
			}
		}
	}
	expect(found).toEqual(expected);
}

describe('access to assets', () => {
	it('follows the rules in any graph, and the same graph without one of its relations', async () => {
		await fc.assert(
			fc.asyncProperty(graphs, fc.nat(), async (graph, chosen) => {
				await compare(graph);
				const kinds = ['albums', 'partners', 'links'] as const;
				const kind = kinds[chosen % kinds.length] ?? 'partners';
				if (kind === 'partners') await compare({ ...graph, partners: graph.partners.slice(1) });
				else if (kind === 'links') {
					const links = graph.links.map((link, index) => (index === 0 ? { ...link, isExpired: true } : link));
					await compare({ ...graph, links });
				} else {
					const [first, ...others] = graph.albums;
					const [owner, , ...rest] = first?.members ?? [];
					if (first && owner) await compare({ ...graph, albums: [{ ...first, members: [owner, ...rest] }, ...others] });
				}
			}),
			{ numRuns: 15 }
		);
	});
});
