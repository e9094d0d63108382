import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissions } from '#lib/contract/permissions/permission.ts';
import { createStore, type Store } from '#lib/server/app/store.ts';
import { accessRules, type ObjectPermission } from '#lib/server/features/access/access-rules.ts';
import { checkAccess, requireAccess } from '#lib/server/features/access/index.ts';
import type { Identity } from '#lib/server/platform/caller/caller.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { asLink, asUser, Sharing } from '#tests/support/sharing.ts';
import { testVault } from '#tests/support/vault.ts';

const lines = readFileSync(path.join(import.meta.dirname, 'access-matrix.tsv'), 'utf8')
	.split('\n')
	.filter((line) => line !== '' && !line.startsWith('#'))
	.map((line) => line.split('\t'));
const [[, ...columns] = [], ...rows] = lines;
const isObjectPermission = (name: string | undefined): name is ObjectPermission =>
	name !== undefined && Object.hasOwn(accessRules, name);
const cells = rows.flatMap(([permission, ...marks]) =>
	columns.map((relation, index) => ({ permission, relation, mark: marks[index] ?? '' }))
);

interface Cell {
	readonly caller: Identity;
	readonly id: string;
}

let database: TestDatabase;
let store: Store;
/** The object of each kind, and the caller in each relation to it. */
let scene: (permission: ObjectPermission, relation: string, rights?: Parameters<typeof asLink>[2]) => Cell;

beforeAll(async () => {
	database = await createTestDatabase();
	store = createStore({ ...database, vault: testVault });
	const sharing = new Sharing(database.prisma);
	const makeUsers = (count: number) => Promise.all(Array.from({ length: count }, () => sharing.makeUser()));
	const [owner = '', albumOwner = '', editor = '', viewer = '', partner = '', stranger = ''] = await makeUsers(6);
	const admin = await sharing.makeUser({ isAdmin: true });
	await sharing.makePartner(owner, partner);
	const { prisma } = database;
	const asset = await sharing.makePhoto(owner);
	const albumId = await sharing.makeAlbum(
		[
			[albumOwner, 'owner'],
			[editor, 'editor'],
			[viewer, 'viewer']
		],
		[asset]
	);
	const { id: activity } = await prisma.activity.create({ data: { albumId, userId: viewer, isLiked: true } });
	const { id: stack } = await prisma.stack.create({ data: { ownerId: owner, primaryAssetId: asset } });
	const duplicate = crypto.randomUUID();
	await prisma.asset.update({ where: { id: asset }, data: { duplicateId: duplicate } });
	const { id: file } = await prisma.assetFile.create({ data: { assetId: asset, type: 'thumbnail', path: '/t.webp' } });
	const { id: session } = await prisma.session.create({ data: { userId: owner, token: Buffer.from('t') } });
	const { id: notification } = await prisma.notification.create({ data: { userId: owner, title: 'T' } });
	const individual = await sharing.makeLink(owner, { assetIds: [asset] });
	const albumLink = await sharing.makeLink(albumOwner, { albumId });

	const objects = {
		asset,
		sharableAsset: asset,
		assetFile: file,
		album: albumId,
		albumWithActivity: albumId,
		activity,
		user: owner,
		partner: owner,
		session,
		notification,
		anyNotification: notification,
		duplicate,
		stack
	};
	const callers: Readonly<Record<string, Identity>> = {
		owner: asUser(owner, { isElevated: true }),
		albumOwner: asUser(albumOwner, { isElevated: true }),
		albumEditor: asUser(editor),
		albumViewer: asUser(viewer),
		partner: asUser(partner),
		author: asUser(viewer),
		admin: asUser(admin, { isAdmin: true, isElevated: true }),
		stranger: asUser(stranger)
	};
	scene = (permission, relation, rights) => {
		const { object } = accessRules[permission];
		const id = objects[object];
		const isAlbum = object === 'album' || object === 'albumWithActivity';
		// An upload through the album's link belongs to that album's owner.
		const link = isAlbum ? asLink(albumOwner, albumLink.id, rights) : asLink(owner, individual.id, rights);
		const caller = relation === 'link' ? link : callers[relation];
		if (!caller) throw new Error(`There is no caller in the relation ${relation}`);
		return { caller, id };
	};
});

afterAll(() => database.close());

/** The author of the comment is the viewer of the album: this relation exists only for comments. */
const isTested = ({ permission, relation }: { permission: string | undefined; relation: string }) =>
	relation !== 'author' || permission === 'activity.delete'
		? !(relation === 'albumViewer' && permission === 'activity.delete')
		: false;

describe('the table of access rules', () => {
	it('has a line in the expected matrix for each permission, and no other', () => {
		expect(rows.map(([permission]) => permission).toSorted()).toEqual(Object.keys(accessRules).toSorted());
		for (const [permission] of rows) expect(permissions).toContain(permission);
	});

	it.each(cells.filter(isTested))('$permission for $relation: $mark', async ({ permission, relation, mark }) => {
		if (!isObjectPermission(permission)) throw new Error(`${permission} has no rule`);
		const check = async (rights?: Parameters<typeof asLink>[2]) => {
			const { caller, id } = scene(permission, relation, rights);
			return (await checkAccess(store, { auth: caller, permission, ids: [id] })).has(id);
		};
		expect(await check()).toBe(mark !== '');
		if (mark === 'upload') expect(await check({ allowUpload: false })).toBe(false);
		if (mark === 'download') expect(await check({ allowDownload: false })).toBe(false);
		if (mark === 'x') expect(await check({ allowUpload: false, allowDownload: false })).toBe(true);
	});

	it.each(Object.keys(accessRules).filter(isObjectPermission))(
		'%s refuses a set with one object too many, and accepts none at all',
		async (permission) => {
			const relation = ['owner', 'albumOwner', 'partner'].find(
				(name) => cells.find((cell) => cell.permission === permission && cell.relation === name)?.mark === 'x'
			);
			const { caller: auth, id } = scene(permission, relation ?? '');
			const foreign = crypto.randomUUID();
			await expect(requireAccess(store, { auth, permission, ids: [id, foreign] })).rejects.toMatchObject({
				status: 400,
				message: `Not found or no ${permission} access`
			});
			await expect(requireAccess(store, { auth, permission, ids: [] })).resolves.toBeUndefined();
			// IDs in upper case name the same objects.
			await expect(requireAccess(store, { auth, permission, ids: [id, id.toUpperCase()] })).resolves.toBeUndefined();
		}
	);
});
