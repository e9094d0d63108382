import {
	addAssetsToAlbum,
	addAssetsToAlbums,
	addUsersToAlbum,
	AlbumUserRole,
	AssetOrder,
	createAlbum,
	deleteAlbum,
	getAlbumInfo,
	getAlbumMapMarkers,
	getAlbumStatistics,
	getAllAlbums,
	init,
	removeAssetFromAlbum,
	removeUserFromAlbum,
	updateAlbumInfo,
	updateAlbumUser
} from '@immich/sdk';
import { expect, it } from 'vitest';
import { Albums } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';

const api = useApi();

it('the SDK calls every operation of albums', async () => {
	const albums = new Albums(api);
	const [owner, other] = [await albums.signIn(), await albums.signIn()];
	const apiKey = await api.accounts.makeApiKey(owner.id);
	init({ baseUrl: `${api.url}/api`, apiKey });
	const photos = [await albums.sharing.makePhoto(owner.id), await albums.sharing.makePhoto(owner.id)];
	const [first = '', second = ''] = photos;
	const { id } = await createAlbum({ createAlbumDto: { albumName: 'Sea', assetIds: [first] } });
	expect((await getAlbumInfo({ id })).assetCount).toBe(1);
	expect(await getAllAlbums({ isOwned: true })).toHaveLength(1);
	expect(await getAlbumStatistics()).toEqual({ owned: 1, shared: 0, notShared: 1 });
	const changed = await updateAlbumInfo({ id, updateAlbumDto: { albumName: 'Lake', order: AssetOrder.Asc } });
	expect(changed).toMatchObject({ albumName: 'Lake', order: 'asc' });
	expect(await addAssetsToAlbum({ id, bulkIdsDto: { ids: [second] } })).toEqual([{ id: second, success: true }]);
	expect(await addAssetsToAlbums({ albumsAddAssetsDto: { albumIds: [id], assetIds: photos } })).toEqual({
		success: false,
		error: 'duplicate'
	});
	expect(await removeAssetFromAlbum({ id, bulkIdsDto: { ids: [first] } })).toEqual([{ id: first, success: true }]);
	expect(await getAlbumMapMarkers({ id })).toEqual([]);
	const shared = await addUsersToAlbum({ id, addUsersDto: { albumUsers: [{ userId: other.id }] } });
	expect(shared.albumUsers.map(({ role }) => role)).toEqual(['owner', 'editor']);
	await updateAlbumUser({ id, userId: other.id, updateAlbumUserDto: { role: AlbumUserRole.Viewer } });
	await removeUserFromAlbum({ id, userId: other.id });
	expect((await getAlbumInfo({ id })).shared).toBe(false);
	await deleteAlbum({ id });
	expect(await getAllAlbums({})).toEqual([]);
});
