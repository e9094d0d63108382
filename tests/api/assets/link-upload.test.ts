import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Albums } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';
import { listenAdmitted, type Listener } from '#tests/support/live.ts';
import { createUniquePicture, upload, uploadPicture } from '#tests/support/uploads.ts';

const api = useApi();
let albums: Albums;
beforeAll(() => {
	albums = new Albums(api);
});
const open: Listener[] = [];
afterEach(() => {
	for (const listener of open.splice(0)) listener.close();
});

const hear = async ({ token }: { token: string }) => {
	const listener = await listenAdmitted(api.url, { authorization: `Bearer ${token}` });
	open.push(listener);
	return listener;
};
const noticesOf = (userId: string) => api.prisma.notification.findMany({ where: { userId } });

async function openAlbum() {
	const scene = await albums.scene();
	const { key } = await albums.sharing.makeLink(scene.editor.id, { albumId: scene.id, allowUpload: true });
	return { ...scene, key, query: `?key=${key}` };
}

describe('an upload through a link to an album', () => {
	it('is announced to all members, the creator of the link too', async () => {
		const { owner, editor, viewer, outsider, id, query } = await openAlbum();
		const before = await albums.get(owner, id);
		const members = [owner, editor, viewer];
		const [listeners, stranger] = [await Promise.all(members.map(hear)), await hear(outsider)];
		const asset = await uploadPicture(api, '', { query });
		for (const listener of listeners) await expect.poll(() => listener.of('on_album_update')).toEqual([id]);
		await uploadPicture(api, '', { query });
		for (const listener of listeners) await expect.poll(() => listener.of('on_album_update')).toEqual([id, id]);
		expect(stranger.of('on_album_update')).toEqual([]);
		const after = await albums.get(owner, id);
		expect(after.updatedAt > before.updatedAt).toBe(true);
		expect(await albums.photos(id)).toContain(asset);
		// One notification until it has been read.
		for (const member of members)
			expect(await noticesOf(member.id)).toMatchObject([{ type: 'AlbumUpdate', data: { albumId: id } }]);
	});

	it('gives an album without a cover its cover', async () => {
		const { owner, id, query } = await openAlbum();
		await api.prisma.albumAsset.deleteMany({ where: { albumId: id } });
		const asset = await uploadPicture(api, '', { query });
		expect(await albums.get(owner, id)).toMatchObject({ albumThumbnailAssetId: asset, assetCount: 1 });
	});

	it('of a file that the creator has already adds that one', async () => {
		const { editor, id, query } = await openAlbum();
		const bytes = await createUniquePicture();
		const known = await uploadPicture(api, editor.token, { bytes });
		for (const _ of [1, 2])
			expect((await upload(api, null, { bytes, query })).body).toEqual({ id: known, status: 'duplicate' });
		expect((await albums.photos(id)).filter((photo) => photo === known)).toEqual([known]);
	});

	it.each([
		['locked', { visibility: 'locked' as const }],
		['in the trash', { deletedAt: new Date(), status: 'trashed' as const }]
	])('of a file that the creator has %s doesn’t show it', async (_, state) => {
		const { editor, id, query } = await openAlbum();
		const bytes = await createUniquePicture();
		const known = await uploadPicture(api, editor.token, { bytes });
		await api.prisma.asset.update({ where: { id: known }, data: state });
		expect((await upload(api, null, { bytes, query })).status).toBe(200);
		expect(await albums.photos(id)).not.toContain(known);
	});
});

it('an upload through a link to photos adds a file that its creator has already', async () => {
	const { owner, ownerPhoto } = await albums.scene();
	const { id, key } = await albums.sharing.makeLink(owner.id, { assetIds: [ownerPhoto], allowUpload: true });
	const bytes = await createUniquePicture();
	const known = await uploadPicture(api, owner.token, { bytes });
	for (const _ of [1, 2]) expect((await upload(api, null, { bytes, query: `?key=${key}` })).status).toBe(200);
	const shown = await api.prisma.sharedLinkAsset.findMany({ where: { sharedLinkId: id } });
	expect(shown.map(({ assetId }) => assetId).sort()).toEqual([known, ownerPhoto].sort());
});

describe('photos that are locked', () => {
	it('leave their albums, whose other members are told', async () => {
		const { owner, editor, id, ownerPhoto, editorPhoto } = await albums.scene();
		await albums.call(owner, 'PATCH', `/albums/${id}`, { albumThumbnailAssetId: editorPhoto });
		const [own, other] = [await hear(editor), await hear(owner)];
		await albums.call(editor, 'PUT', '/assets', { ids: [editorPhoto], visibility: 'locked' });
		await expect.poll(() => other.of('on_album_update')).toEqual([id]);
		expect(own.of('on_album_update')).toEqual([]);
		const stored = await api.prisma.album.findUniqueOrThrow({ where: { id } });
		expect(stored.albumThumbnailAssetId).toBe(ownerPhoto);
	});
});

it('removing a member as an admin is announced to that user and the others', async () => {
	const { owner, viewer, id } = await albums.scene();
	const { token } = await api.accounts.signInAdmin();
	const listeners = [await hear(owner), await hear(viewer)];
	const path = `/api/admin/users/${viewer.id}/sharing/albums/${id}`;
	expect((await api.request('DELETE', path, { token })).status).toBe(204);
	for (const listener of listeners) await expect.poll(() => listener.of('on_album_update')).toEqual([id]);
});
