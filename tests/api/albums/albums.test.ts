import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { Albums, noAccess, type Member } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';
import { anyIso, anyUuid, message, userShape } from '#tests/support/shapes.ts';

const api = useApi();
let albums: Albums;
beforeAll(() => {
	albums = new Albums(api);
});

const answer = async (member: Member, method: string, path: string, body?: unknown) => {
	const reply = await albums.call(member, method, path, body);
	return [reply.status, reply.body];
};
const list = async (member: Member, query = '') => {
	const { status, body, text } = await albums.call(member, 'GET', `/albums${query}`);
	expect(status, text).toBe(200);
	return (body as { id: string }[]).map(({ id }) => id);
};

describe('creating an album', () => {
	it('returns it as on the wire, in the order that the user prefers', async () => {
		const owner = await albums.signIn('Olga');
		await albums.call(owner, 'PUT', '/users/me/preferences', { albums: { defaultAssetOrder: 'asc' } });
		const reply = await albums.call(owner, 'POST', '/albums', { albumName: 'Sea' });
		expect([reply.status, reply.body]).toEqual([
			201,
			{
				id: anyUuid,
				albumName: 'Sea',
				description: '',
				createdAt: anyIso,
				updatedAt: anyIso,
				albumThumbnailAssetId: null,
				albumUsers: [{ role: 'owner', user: userShape({ id: owner.id, name: 'Olga' }) }],
				shared: false,
				hasSharedLink: false,
				isActivityEnabled: true,
				assetCount: 0,
				order: 'asc'
			}
		]);
	});

	it('adds photos that the caller can share, and members except the caller, each once', async () => {
		const [owner, other] = [await albums.signIn(), await albums.signIn()];
		const [own, foreign, locked] = [
			await albums.sharing.makePhoto(owner.id),
			await albums.sharing.makePhoto(other.id),
			await albums.sharing.makePhoto(owner.id, { visibility: 'locked' })
		];
		const { status, body } = await albums.call(owner, 'POST', '/albums', {
			albumName: 'Sea',
			description: 'With sand',
			assetIds: [own, foreign, locked, own.toUpperCase()],
			albumUsers: [
				{ userId: other.id, role: 'viewer' },
				{ userId: other.id.toUpperCase(), role: 'editor' },
				{ userId: owner.id, role: 'viewer' }
			]
		});
		expect(status).toBe(201);
		expect(body).toMatchObject({ assetCount: 1, albumThumbnailAssetId: own, description: 'With sand', shared: true });
		const { id } = body as { id: string };
		expect(await albums.roles(id)).toEqual({ [owner.id]: 'owner', [other.id]: 'viewer' });
		expect(await albums.photos(id)).toEqual([own]);
	});

	it('creates nothing with a second owner or an unknown or deleted user', async () => {
		const [owner, other, deleted] = [await albums.signIn(), await albums.signIn(), await albums.signIn()];
		await api.prisma.user.update({ where: { id: deleted.id }, data: { deletedAt: new Date() } });
		const create = (userId: string, role: string) =>
			answer(owner, 'POST', '/albums', { albumName: 'Sea', albumUsers: [{ userId, role }] });
		expect(await create(other.id, 'owner')).toEqual([400, message('Cannot add another owner')]);
		expect(await create(randomUUID(), 'viewer')).toEqual([400, message('Invalid user')]);
		expect(await create(deleted.id, 'viewer')).toEqual([400, message('Invalid user')]);
		expect(await list(owner)).toEqual([]);
	});
});

describe('the list of albums', () => {
	it('has own and shared ones, by filter', async () => {
		const [ada, bob] = [await albums.signIn(), await albums.signIn()];
		const photo = await albums.sharing.makePhoto(ada.id);
		const own = await albums.sharing.makeAlbum([[ada.id, 'owner']], [photo]);
		const shared = await albums.sharing.makeAlbum([
			[ada.id, 'owner'],
			[bob.id, 'viewer']
		]);
		const linked = await albums.sharing.makeAlbum([[ada.id, 'owner']]);
		await albums.sharing.makeLink(ada.id, { albumId: linked });
		const foreign = await albums.sharing.makeAlbum([
			[bob.id, 'owner'],
			[ada.id, 'viewer']
		]);
		await albums.sharing.makeAlbum([[bob.id, 'owner']]);
		await api.prisma.album.update({ where: { id: own }, data: { albumName: 'Sea' } });
		const sorted = async (query = '') => (await list(ada, query)).sort();
		expect(await list(ada)).toEqual([foreign, linked, shared, own]);
		expect(await sorted('?isOwned=true')).toEqual([own, shared, linked].sort());
		expect(await sorted('?isOwned=false')).toEqual([foreign]);
		expect(await sorted('?isShared=true')).toEqual([shared, linked, foreign].sort());
		expect(await sorted('?isShared=false')).toEqual([own]);
		expect(await sorted('?name=Sea')).toEqual([own]);
		expect(await sorted('?name=sea')).toEqual([]);
		expect(await sorted(`?id=${shared.toUpperCase()}`)).toEqual([shared]);
		expect(await sorted(`?assetId=${photo}&isOwned=false&name=x`)).toEqual([own]);
		expect(await answer(ada, 'GET', '/albums/statistics')).toEqual([200, { owned: 3, shared: 3, notShared: 1 }]);
	});

	it('has thousands of albums', async () => {
		const ada = await albums.signIn();
		await api.pool.query(
			`WITH made AS (INSERT INTO album ("albumName") SELECT 'Album ' || n FROM generate_series(1, 2000) AS n RETURNING id)
			INSERT INTO album_user ("albumId", "userId", "role") SELECT id, $1, 'owner' FROM made`,
			[ada.id]
		);
		expect(await list(ada)).toHaveLength(2000);
	});
});

describe('an album', () => {
	it('is read by each member, with contributions and the members in order', async () => {
		const { owner, editor, viewer, id } = await albums.scene();
		const album = await albums.get(viewer, id);
		expect(album.albumUsers.map(({ role, user }) => [role, user.id])).toEqual([
			['owner', owner.id],
			['viewer', viewer.id],
			['editor', editor.id]
		]);
		expect(album.contributorCounts?.map(({ userId, assetCount }) => [userId, assetCount]).sort()).toEqual(
			[
				[owner.id, 1],
				[editor.id, 1]
			].sort()
		);
		const [listed] = (await albums.call(viewer, 'GET', '/albums')).body as object[];
		expect(listed).not.toHaveProperty('contributorCounts');
		const unshared = await albums.sharing.makeAlbum([[owner.id, 'owner']]);
		expect(await albums.get(owner, unshared)).not.toHaveProperty('contributorCounts');
	});

	it('looks the same to outsiders, whether it exists or not', async () => {
		const { owner, outsider, ownerPhoto, id } = await albums.scene();
		const attempts: readonly (readonly [string, string, object | undefined, string])[] = [
			['GET', '', undefined, 'album.read'],
			['GET', '/map-markers', undefined, 'album.read'],
			['PATCH', '', { albumName: 'Mine' }, 'album.update'],
			['DELETE', '', undefined, 'album.delete'],
			['PUT', '/assets', { ids: [ownerPhoto] }, 'albumAsset.create'],
			['DELETE', '/assets', { ids: [ownerPhoto] }, 'albumAsset.delete'],
			['PUT', '/users', { albumUsers: [{ userId: outsider.id }] }, 'album.share'],
			['PUT', `/user/${owner.id}`, { role: 'viewer' }, 'album.share'],
			['DELETE', `/user/${owner.id}`, undefined, 'album.share'],
			['DELETE', '/user/me', undefined, 'album.read']
		];
		for (const albumId of [id, randomUUID()])
			for (const [method, path, body, permission] of attempts)
				expect(await answer(outsider, method, `/albums/${albumId}${path}`, body)).toEqual(noAccess(permission));
		expect(await albums.get(owner, id)).toMatchObject({ assetCount: 2 });
	});

	it('gives an admin nothing', async () => {
		const { id } = await albums.scene();
		const admin = await api.accounts.signInAdmin();
		const member = { id: admin.user.id, token: admin.token };
		expect(await answer(member, 'GET', `/albums/${id}`)).toEqual(noAccess('album.read'));
		expect(await list(member)).toEqual([]);
	});

	it('can be named in upper case', async () => {
		const { owner, editor, ownerPhoto, id } = await albums.scene();
		const path = `/albums/${id.toUpperCase()}`;
		expect(await answer(owner, 'GET', path)).toMatchObject([200, { id }]);
		expect(await answer(owner, 'PATCH', path, { albumThumbnailAssetId: ownerPhoto.toUpperCase() })).toMatchObject([
			200,
			{ albumThumbnailAssetId: ownerPhoto }
		]);
		expect(await answer(owner, 'PUT', `${path}/user/${editor.id.toUpperCase()}`, { role: 'viewer' })).toEqual([
			204,
			''
		]);
		expect((await albums.roles(id))[editor.id]).toBe('viewer');
	});

	it('is changed by owner and editor, not by a viewer', async () => {
		const { owner, editor, viewer, ownerPhoto, id } = await albums.scene();
		const changes = { albumName: 'New', description: 'Text', isActivityEnabled: false, order: 'asc' };
		expect(await answer(viewer, 'PATCH', `/albums/${id}`, changes)).toEqual(noAccess('album.update'));
		expect(await answer(editor, 'PATCH', `/albums/${id}`, changes)).toMatchObject([200, changes]);
		expect(await answer(owner, 'PATCH', `/albums/${id}`, { description: null })).toMatchObject([
			200,
			{ description: '', albumName: 'New' }
		]);
		expect(await answer(owner, 'PATCH', `/albums/${id}`, { albumThumbnailAssetId: ownerPhoto })).toMatchObject([
			200,
			{ albumThumbnailAssetId: ownerPhoto }
		]);
		for (const cover of [randomUUID(), await albums.sharing.makePhoto(owner.id)])
			expect(await answer(owner, 'PATCH', `/albums/${id}`, { albumThumbnailAssetId: cover })).toEqual([
				400,
				message('Invalid album thumbnail')
			]);
	});

	it('sent unchanged is not written', async () => {
		const { owner, id } = await albums.scene();
		const { albumName, isActivityEnabled, order, updatedAt } = await albums.get(owner, id);
		const reply = await albums.call(owner, 'PATCH', `/albums/${id}`, {
			albumName,
			isActivityEnabled,
			order,
			description: ''
		});
		expect(reply.body).toMatchObject({ updatedAt });
		expect(await api.prisma.auditEvent.count({ where: { action: 'album.update', objectId: id } })).toBe(0);
	});

	it('is deleted by its owner only; its photos stay', async () => {
		const { owner, editor, viewer, ownerPhoto, id } = await albums.scene();
		for (const member of [editor, viewer])
			expect(await answer(member, 'DELETE', `/albums/${id}`)).toEqual(noAccess('album.delete'));
		expect(await answer(owner, 'DELETE', `/albums/${id}`)).toEqual([204, '']);
		expect(await answer(owner, 'GET', `/albums/${id}`)).toEqual(noAccess('album.read'));
		expect(await api.prisma.asset.count({ where: { id: ownerPhoto } })).toBe(1);
	});

	it('of a deleted user is hidden from everyone, and returns with the user', async () => {
		const { owner, editor, viewer, id } = await albums.scene();
		const { token } = await api.accounts.signInAdmin();
		await api.request('DELETE', `/api/admin/users/${owner.id}`, { token, body: {} });
		for (const member of [editor, viewer]) {
			expect(await answer(member, 'GET', `/albums/${id}`)).toEqual(noAccess('album.read'));
			expect(await list(member)).toEqual([]);
			expect(await answer(member, 'GET', '/albums/statistics')).toEqual([200, { owned: 0, shared: 0, notShared: 0 }]);
		}
		await api.request('POST', `/api/admin/users/${owner.id}/restore`, { token });
		expect(await albums.get(editor, id)).toMatchObject({ id, assetCount: 2 });
	});

	it('shared with a deleted user has that member again after a restore, and is unshared meanwhile', async () => {
		const [owner, other] = [await albums.signIn(), await albums.signIn()];
		const id = await albums.sharing.makeAlbum([
			[owner.id, 'owner'],
			[other.id, 'editor']
		]);
		await api.prisma.user.update({ where: { id: other.id }, data: { deletedAt: new Date() } });
		expect(await albums.get(owner, id)).toMatchObject({ shared: false, albumUsers: [{ role: 'owner' }] });
		expect(await answer(owner, 'GET', '/albums/statistics')).toEqual([200, { owned: 1, shared: 0, notShared: 1 }]);
		await api.prisma.user.update({ where: { id: other.id }, data: { deletedAt: null } });
		expect((await albums.get(owner, id)).albumUsers).toHaveLength(2);
	});
});
