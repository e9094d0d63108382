import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStore, type Store } from '#lib/server/app/store.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { testVault } from '#tests/support/vault.ts';

let database: TestDatabase;
let store: Store;
let sharing: Sharing;

beforeAll(async () => {
	database = await createTestDatabase();
	store = createStore({ ...database, vault: testVault });
	sharing = new Sharing(database.prisma);
});

afterAll(() => database.close());

describe('albums whose owner was removed', () => {
	it('are deleted with the rest of their rows, and no others', async () => {
		const [owner, other] = [await sharing.makeUser(), await sharing.makeUser()];
		const photo = await sharing.makePhoto(other);
		const removed = await sharing.makeAlbum(
			[
				[owner, 'owner'],
				[other, 'editor']
			],
			[photo]
		);
		const kept = await sharing.makeAlbum([[other, 'owner']], [photo]);
		const hidden = await sharing.makeAlbum([
			[await sharing.makeUser({ deletedAt: new Date() }), 'owner'],
			[other, 'viewer']
		]);
		expect(await store.albums.removeOwnerless()).toBe(0);
		await database.prisma.user.delete({ where: { id: owner } });
		expect(await store.albums.removeOwnerless()).toBe(1);
		const left = await database.prisma.album.findMany({ select: { id: true } });
		expect(left.map(({ id }) => id).sort()).toEqual([kept, hidden].sort());
		expect(await database.prisma.albumAsset.count({ where: { albumId: removed } })).toBe(0);
		expect(await database.prisma.asset.count({ where: { id: photo } })).toBe(1);
	});
});

describe('the photos of an album', () => {
	it('are listed in its order, with neighbors, without those that members do not see', async () => {
		const owner = await sharing.makeUser();
		const taken = (day: string) => ({ localDateTime: new Date(day) });
		const first = await sharing.makePhoto(owner, taken('2026-01-01'));
		const second = await sharing.makePhoto(owner, taken('2026-01-02'));
		const third = await sharing.makePhoto(owner, taken('2026-01-03'));
		const hidden = await sharing.makePhoto(owner, { ...taken('2026-01-02'), visibility: 'locked' });
		const id = await sharing.makeAlbum([[owner, 'owner']], [second, hidden, third, first]);
		const list = async () => {
			const rows = await store.albumAssets.listShown(id, { offset: 0, limit: 10 });
			return rows.map((row) => row.id);
		};
		expect(await list()).toEqual([third, second, first]);
		expect(await store.albumAssets.findShown(id, second)).toMatchObject({ previous: third, next: first });
		await database.prisma.album.update({ where: { id }, data: { order: 'asc' } });
		expect(await list()).toEqual([first, second, third]);
		expect(await store.albumAssets.listShown(id, { offset: 1, limit: 1 })).toMatchObject([{ id: second }]);
		expect(await store.albumAssets.findShown(id, hidden)).toBeNull();
	});
});

describe('expired partner requests', () => {
	it('are deleted', async () => {
		const [one, other, third] = [await sharing.makeUser(), await sharing.makeUser(), await sharing.makeUser()];
		await store.partnerRequests.create(one, other);
		await store.partnerRequests.create(one, third);
		const where = { sharedWithId: other };
		await database.prisma.partnerRequest.updateMany({ where, data: { expiresAt: new Date(0) } });
		expect(await store.partnerRequests.removeExpired()).toBe(1);
		expect(await store.partnerRequests.list(one, 'shared-by')).toMatchObject([{ user: { id: third } }]);
	});
});
