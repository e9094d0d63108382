import { beforeAll, describe, expect, it } from 'vitest';
import { Albums, type Member } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

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

describe('photos in the trash or the locked folder', () => {
	const hidden = [{ deletedAt: new Date(), status: 'trashed' as const }, { visibility: 'locked' as const }];
	const moments = ['2020-01-01T00:00:00.000Z', '2024-01-01T00:00:00.000Z'].map((moment) => new Date(moment));

	it.each(hidden)('are not counted or dated, and are no cover: %o', async (fields) => {
		const [owner, viewer] = [await albums.signIn(), await albums.signIn()];
		const [old, recent] = [
			await albums.sharing.makePhoto(owner.id, { localDateTime: moments[0] ?? '' }),
			await albums.sharing.makePhoto(owner.id, { localDateTime: moments[1] ?? '' })
		];
		const id = await albums.sharing.makeAlbum(
			[
				[owner.id, 'owner'],
				[viewer.id, 'viewer']
			],
			[old, recent]
		);
		await api.prisma.album.update({ where: { id }, data: { albumThumbnailAssetId: recent } });
		await api.prisma.asset.update({ where: { id: recent }, data: fields });
		for (const member of [owner, viewer])
			expect(await albums.get(member, id)).toMatchObject({
				assetCount: 1,
				albumThumbnailAssetId: old,
				endDate: moments[0]?.toISOString(),
				contributorCounts: [{ userId: owner.id, assetCount: 1 }]
			});
		expect(await list(viewer, `?assetId=${recent}`)).toEqual([]);
		await api.prisma.asset.update({ where: { id: old }, data: fields });
		expect(await albums.get(viewer, id)).toMatchObject({ assetCount: 0, albumThumbnailAssetId: null });
	});

	it('of a deleted member are hidden too', async () => {
		const { owner, editor, ownerPhoto, id } = await albums.scene();
		await api.prisma.user.update({ where: { id: editor.id }, data: { deletedAt: new Date() } });
		expect(await albums.get(owner, id)).toMatchObject({ assetCount: 1, albumThumbnailAssetId: ownerPhoto });
	});
});

describe('the visitor of a link', () => {
	it('reads its album without the members, and no other', async () => {
		const { owner, id } = await albums.scene();
		const other = await albums.sharing.makeAlbum([[owner.id, 'owner']]);
		const { key } = await albums.sharing.makeLink(owner.id, { albumId: id });
		const get = (albumId: string, path = '') => api.request('GET', `/api/albums/${albumId}${path}?key=${key}`);
		const reply = await get(id);
		expect(reply.status).toBe(200);
		expect(reply.body).toMatchObject({ id, albumUsers: [{ role: 'owner', user: { name: 'Olga', email: '' } }] });
		expect(reply.body).not.toHaveProperty('contributorCounts');
		expect((await get(other)).body).toEqual(message('Not found or no album.read access'));
	});

	it('of one that hides metadata learns no name and no place', async () => {
		const { owner, ownerPhoto, id } = await albums.scene();
		await api.prisma.assetExif.create({ data: { assetId: ownerPhoto, latitude: 1.5, longitude: 2.5, city: 'Rome' } });
		const links = {
			shown: await albums.sharing.makeLink(owner.id, { albumId: id }),
			hidden: await albums.sharing.makeLink(owner.id, { albumId: id, showExif: false })
		};
		const markers = async (key: string) => (await api.request('GET', `/api/albums/${id}/map-markers?key=${key}`)).body;
		const marker = { id: ownerPhoto, lat: 1.5, lon: 2.5, city: 'Rome', state: null, country: null };
		expect(await markers(links.shown.key)).toEqual([marker]);
		expect(await markers(links.hidden.key)).toEqual([]);
		expect(await answer(owner, 'GET', `/albums/${id}/map-markers`)).toEqual([200, [marker]]);
		const { body } = await api.request('GET', `/api/albums/${id}?key=${links.hidden.key}`);
		expect(body).toMatchObject({ albumUsers: [{ user: { name: '', email: '' } }] });
	});

	it('changes nothing, and gets nothing through an expired link', async () => {
		const { owner, ownerPhoto, id } = await albums.scene();
		const { key } = await albums.sharing.makeLink(owner.id, { albumId: id, allowUpload: true });
		const calls = [
			['PATCH', '', { albumName: 'Mine' }],
			['DELETE', '', undefined],
			['PUT', '/assets', { ids: [ownerPhoto] }],
			['DELETE', '/assets', { ids: [ownerPhoto] }]
		] as const;
		for (const [method, path, body] of calls) {
			const reply = await api.request(method, `/api/albums/${id}${path}?key=${key}`, { ...(body && { body }) });
			expect([reply.status, reply.body]).toEqual([403, message('Forbidden')]);
		}
		const expired = await albums.sharing.makeLink(owner.id, { albumId: id, expiresAt: new Date(Date.now() - 1_000) });
		const reply = await api.request('GET', `/api/albums/${id}?key=${expired.key}`);
		expect([reply.status, reply.body]).toEqual([401, message('Invalid share key')]);
	});
});
