import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStore, type Store } from '#lib/server/app/store.ts';
import type { ObjectPermission } from '#lib/server/features/access/access-rules.ts';
import { checkAccess } from '#lib/server/features/access/index.ts';
import type { Identity } from '#lib/server/platform/caller/caller.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { asApiKey, asLink, asUser, Sharing } from '#tests/support/sharing.ts';
import { testVault } from '#tests/support/vault.ts';

let database: TestDatabase;
let store: Store;
let sharing: Sharing;
let owner = '';
let other = '';

beforeAll(async () => {
	database = await createTestDatabase();
	store = createStore({ ...database, vault: testVault });
	sharing = new Sharing(database.prisma);
	owner = await sharing.makeUser();
	other = await sharing.makeUser();
});

afterAll(() => database.close());

const can = async (auth: Identity, permission: ObjectPermission, id: string) =>
	(await checkAccess(store, { auth, permission, ids: [id] })).has(id);

describe('access to objects in a certain state', () => {
	it('is given to locked assets in an elevated session, never to an API key', async () => {
		const id = await sharing.makePhoto(owner, { visibility: 'locked' });
		expect(await can(asUser(owner, { isElevated: true }), 'asset.read', id)).toBe(true);
		expect(await can(asUser(owner), 'asset.read', id)).toBe(false);
		expect(await can(asApiKey(owner), 'asset.read', id)).toBe(false);
		expect(await can(asUser(owner, { isElevated: true }), 'asset.share', id)).toBe(false);
	});

	it('is refused to an asset that is about to be removed', async () => {
		const id = await sharing.makePhoto(owner, { status: 'deleted', deletedAt: new Date() });
		expect(await can(asUser(owner), 'asset.read', id)).toBe(false);
		const trashed = await sharing.makePhoto(owner, { status: 'trashed', deletedAt: new Date() });
		expect(await can(asUser(owner), 'asset.read', trashed)).toBe(true);
	});

	it('allows comments only while the album’s activity is on', async () => {
		const albumId = await sharing.makeAlbum([[owner, 'owner']]);
		expect(await can(asUser(owner), 'activity.create', albumId)).toBe(true);
		await database.prisma.album.update({ where: { id: albumId }, data: { isActivityEnabled: false } });
		expect(await can(asUser(owner), 'activity.create', albumId)).toBe(false);
	});

	it('lets deleted notifications be deleted again, not read', async () => {
		const data = { userId: owner, title: 'T', deletedAt: new Date() };
		const { id } = await database.prisma.notification.create({ data });
		expect(await can(asUser(owner), 'notification.delete', id)).toBe(true);
		expect(await can(asUser(owner), 'notification.read', id)).toBe(false);
	});

	it('ends with the deletion of the sharing user, and returns with them', async () => {
		const gone = await sharing.makeUser({ deletedAt: new Date() });
		await sharing.makePartner(gone, other);
		expect(await can(asUser(other), 'timeline.read', gone)).toBe(false);
		expect(await can(asUser(other), 'partner.update', gone)).toBe(false);
		await database.prisma.user.update({ where: { id: gone }, data: { deletedAt: null } });
		expect(await can(asUser(other), 'timeline.read', gone)).toBe(true);
		expect(await can(asUser(other), 'partner.update', gone)).toBe(true);
	});

	it('lets a link’s visitor upload only to its creator, and only while the link is live', async () => {
		const albumId = await sharing.makeAlbum([
			[owner, 'owner'],
			[other, 'editor']
		]);
		const link = await sharing.makeLink(other, { albumId, allowUpload: true });
		const visitor = asLink(other, link.id);
		expect(await can(visitor, 'asset.upload', other)).toBe(true);
		expect(await can(visitor, 'asset.upload', owner)).toBe(false);
		await database.prisma.albumUser.update({
			where: { albumId_userId: { albumId, userId: other } },
			data: { role: 'viewer' }
		});
		expect(await can(visitor, 'asset.upload', other)).toBe(false);
		expect(await can(visitor, 'albumAsset.create', albumId)).toBe(false);
		expect(await can(visitor, 'album.read', albumId)).toBe(false);
	});

	it('answers for a thousand objects in one query', async () => {
		const ids = Array.from({ length: 1_000 }, () => crypto.randomUUID());
		const own = await sharing.makePhoto(owner);
		const allowed = await checkAccess(store, { auth: asUser(owner), permission: 'asset.read', ids: [...ids, own] });
		expect([...allowed]).toEqual([own]);
	});
});
