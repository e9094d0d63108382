import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { Albums, noAccess, type Member } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';

const api = useApi();
let albums: Albums;
beforeAll(() => {
	albums = new Albums(api);
});

const change = async (member: Member, method: 'PUT' | 'DELETE', id: string, ids: readonly string[]) => {
	const reply = await albums.call(member, method, `/albums/${id}/assets`, { ids });
	return [reply.status, reply.body];
};
const done = (id: string) => ({ id, success: true });
const failed = (id: string, error: string) => ({ id, success: false, error });

describe('adding photos', () => {
	it('reports about each: own and a partner’s are added, others are not', async () => {
		const { owner, editor, outsider, ownerPhoto, id } = await albums.scene();
		const { sharing } = albums;
		await sharing.makePartner(outsider.id, editor.id);
		const [own, foreign, locked, partner, archived] = [
			await sharing.makePhoto(editor.id),
			await sharing.makePhoto(owner.id),
			await sharing.makePhoto(editor.id, { visibility: 'locked' }),
			await sharing.makePhoto(outsider.id),
			await sharing.makePhoto(outsider.id, { visibility: 'archive' })
		];
		const unknown = randomUUID();
		expect(
			await change(editor, 'PUT', id, [own, own.toUpperCase(), foreign, locked, partner, archived, ownerPhoto, unknown])
		).toEqual([
			200,
			[
				done(own),
				failed(own, 'duplicate'),
				failed(foreign, 'no_permission'),
				failed(locked, 'no_permission'),
				done(partner),
				failed(archived, 'no_permission'),
				failed(ownerPhoto, 'duplicate'),
				failed(unknown, 'no_permission')
			]
		]);
		expect((await albums.photos(id)).sort()).toContain(partner);
		expect(await albums.photos(id)).toHaveLength(4);
	});

	it('is not possible for a viewer or outsider, and nothing is added', async () => {
		const { viewer, outsider, id } = await albums.scene();
		for (const member of [viewer, outsider]) {
			const photo = await albums.sharing.makePhoto(member.id);
			expect(await change(member, 'PUT', id, [photo])).toEqual(noAccess('albumAsset.create'));
			const all = await albums.call(member, 'PUT', '/albums/assets', { albumIds: [id], assetIds: [photo] });
			expect(all.body).toEqual({ success: false, error: 'no_permission' });
		}
		expect(await albums.photos(id)).toHaveLength(2);
	});

	it('makes the first one the cover of an album without one, and never replaces a cover', async () => {
		const owner = await albums.signIn();
		const id = await albums.sharing.makeAlbum([[owner.id, 'owner']]);
		const [trashed, first, second] = [
			await albums.sharing.makePhoto(owner.id, { deletedAt: new Date(), status: 'trashed' }),
			await albums.sharing.makePhoto(owner.id, { localDateTime: new Date('2020-01-01') }),
			await albums.sharing.makePhoto(owner.id)
		];
		await change(owner, 'PUT', id, [trashed, first, second]);
		expect(await albums.get(owner, id)).toMatchObject({ albumThumbnailAssetId: first, assetCount: 2 });
		await change(owner, 'PUT', id, [await albums.sharing.makePhoto(owner.id)]);
		expect(await albums.get(owner, id)).toMatchObject({ albumThumbnailAssetId: first });
	});

	it('to several albums leaves out what the caller may not use', async () => {
		const { owner, editor, id } = await albums.scene();
		const own = await albums.sharing.makeAlbum([[editor.id, 'owner']]);
		const foreign = await albums.sharing.makeAlbum([[owner.id, 'owner']]);
		const viewed = await albums.sharing.makeAlbum([
			[owner.id, 'owner'],
			[editor.id, 'viewer']
		]);
		const [photo, other] = [await albums.sharing.makePhoto(editor.id), await albums.sharing.makePhoto(owner.id)];
		const add = async (albumIds: string[], assetIds: string[]) =>
			(await albums.call(editor, 'PUT', '/albums/assets', { albumIds, assetIds })).body;
		expect(await add([own, id, foreign, viewed, own], [photo, other, photo])).toEqual({ success: true });
		expect(await albums.photos(own)).toEqual([photo]);
		expect(await albums.photos(id)).toHaveLength(3);
		for (const untouched of [foreign, viewed]) expect(await albums.photos(untouched)).toEqual([]);
		expect(await add([own], [photo])).toEqual({ success: false, error: 'duplicate' });
		expect(await add([foreign], [photo])).toEqual({ success: false, error: 'no_permission' });
		expect(await add([own], [other])).toEqual({ success: false, error: 'no_permission' });
		expect(await add([], [])).toEqual({ success: false, error: 'no_permission' });
	});

	it('rejects more than the database can add in time', async () => {
		const owner = await albums.signIn();
		const body = {
			albumIds: Array.from({ length: 500 }, () => randomUUID()),
			assetIds: Array.from({ length: 201 }, () => randomUUID())
		};
		expect((await albums.call(owner, 'PUT', '/albums/assets', body)).status).toBe(400);
	});
});

describe('removing photos', () => {
	it('is the owner’s right for all, and an editor’s for those they may share', async () => {
		const { owner, editor, viewer, ownerPhoto, editorPhoto, id } = await albums.scene();
		expect(await change(viewer, 'DELETE', id, [ownerPhoto])).toEqual(noAccess('albumAsset.delete'));
		const unknown = randomUUID();
		expect(await change(editor, 'DELETE', id, [ownerPhoto, editorPhoto, editorPhoto, unknown])).toEqual([
			200,
			[
				failed(ownerPhoto, 'no_permission'),
				done(editorPhoto),
				failed(editorPhoto, 'not_found'),
				failed(unknown, 'not_found')
			]
		]);
		await change(editor, 'PUT', id, [editorPhoto]);
		expect(await change(owner, 'DELETE', id, [editorPhoto.toUpperCase(), ownerPhoto])).toEqual([
			200,
			[done(editorPhoto), done(ownerPhoto)]
		]);
		expect(await albums.photos(id)).toEqual([]);
	});

	it('does not tell that a photo of another is in the trash or locked', async () => {
		const { owner, editorPhoto, id } = await albums.scene();
		await api.prisma.asset.update({ where: { id: editorPhoto }, data: { visibility: 'locked' } });
		expect(await change(owner, 'DELETE', id, [editorPhoto])).toEqual([200, [failed(editorPhoto, 'not_found')]]);
	});

	it('chooses another cover when the cover is removed', async () => {
		const { owner, ownerPhoto, editorPhoto, id } = await albums.scene();
		await albums.call(owner, 'PATCH', `/albums/${id}`, { albumThumbnailAssetId: ownerPhoto });
		await change(owner, 'DELETE', id, [ownerPhoto]);
		expect(await albums.get(owner, id)).toMatchObject({ albumThumbnailAssetId: editorPhoto });
		const stored = await api.prisma.album.findUniqueOrThrow({ where: { id } });
		expect(stored.albumThumbnailAssetId).toBe(editorPhoto);
		await change(owner, 'DELETE', id, [editorPhoto]);
		expect(await albums.get(owner, id)).toMatchObject({ albumThumbnailAssetId: null });
	});
});
