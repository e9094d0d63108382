import { beforeAll, describe, expect, it } from 'vitest';
import { Albums, albumRow, noAccess } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';
import { makeFilesIn } from '#tests/support/asset-files.ts';
import { whileItWaits } from '#tests/support/held.ts';
import { buildMovie } from '#tests/support/movies.ts';
import { createUniquePicture, upload, uploadPicture } from '#tests/support/uploads.ts';

const api = useApi();
const makeFile = makeFilesIn(api);
let albums: Albums;
beforeAll(() => {
	albums = new Albums(api);
});

describe('a link that hides metadata', () => {
	const play = async (ownerId: string, video: string, showExif: boolean, headers = {}) => {
		const { key } = await albums.sharing.makeLink(ownerId, { assetIds: [video], showExif });
		return api.request('GET', `/api/assets/${video}/video/playback?key=${key}`, { headers });
	};

	it('plays a video without it', async () => {
		const { owner } = await albums.scene();
		const movie = buildMovie();
		const video = await makeFile(owner.id, 'a.mp4', { type: 'VIDEO' }, movie.toString('latin1'), 'latin1');
		const [whole, bare] = [await play(owner.id, video, true), await play(owner.id, video, false)];
		expect(whole.bytes.equals(movie)).toBe(true);
		expect(bare.bytes).toHaveLength(movie.byteLength);
		expect(bare.bytes.toString('latin1')).toContain('PICTURE');
		expect(bare.bytes.toString('latin1')).not.toMatch(/Ada|place|PLACES/);
		expect(bare.headers['etag']).not.toBe(whole.headers['etag']);
		const part = await play(owner.id, video, false, { range: 'bytes=20-60' });
		expect([part.status, part.bytes.equals(bare.bytes.subarray(20, 61))]).toEqual([206, true]);
	});

	it('doesn’t play a video from which it can’t be removed', async () => {
		const { owner } = await albums.scene();
		const video = await makeFile(owner.id, 'a.avi', { type: 'VIDEO' });
		const replies = [await play(owner.id, video, true), await play(owner.id, video, false)];
		expect(replies.map(({ status }) => status)).toEqual([200, 400]);
	});
});

describe('the search of a visitor', () => {
	it('doesn’t tell which photos are in albums', async () => {
		const { owner, ownerPhoto } = await albums.scene();
		const free = await albums.sharing.makePhoto(owner.id);
		const { key } = await albums.sharing.makeLink(owner.id, { assetIds: [ownerPhoto, free] });
		const find = async (body: object) => {
			const reply = await api.request('POST', `/api/search/metadata?key=${key}`, { body });
			return (reply.body as { assets: { items: { id: string }[] } }).assets.items.map(({ id }) => id).sort();
		};
		expect(await find({})).toEqual([ownerPhoto, free].sort());
		expect(await find({ isNotInAlbum: true })).toEqual([]);
	});
});

describe('an upload through a link', () => {
	it('into an album that is deleted meanwhile leaves nothing', async () => {
		const { owner, id } = await albums.scene();
		const { key } = await albums.sharing.makeLink(owner.id, { albumId: id, allowUpload: true });
		const bytes = await createUniquePicture();
		const reply = await whileItWaits(
			api,
			albumRow(id),
			() => upload(api, null, { bytes, query: `?key=${key}` }),
			// The deletion waits for the same lock, behind the upload.
			() => Promise.resolve()
		);
		expect(reply.status).toBe(201);
		await albums.call(owner, 'DELETE', `/albums/${id}`);
		const before = await api.accounts.findUser(owner.id);
		expect((await upload(api, null, { bytes: 'other', query: `?key=${key}` })).status).toBe(401);
		expect(await api.accounts.findUser(owner.id)).toEqual(before);
	});

	it('whose creator is removed from the album at that moment is refused', async () => {
		const { editor, id } = await albums.scene();
		const { key } = await albums.sharing.makeLink(editor.id, { albumId: id, allowUpload: true });
		const reply = await whileItWaits(
			api,
			albumRow(id),
			() => upload(api, null, { query: `?key=${key}` }),
			() => api.prisma.albumUser.deleteMany({ where: { albumId: id, userId: editor.id } })
		);
		expect([reply.status, reply.body]).toEqual(noAccess('asset.upload'));
		expect(await api.prisma.asset.count({ where: { ownerId: editor.id } })).toBe(1);
		expect(Number((await api.accounts.findUser(editor.id)).quotaUsageInBytes)).toBe(0);
	});

	it('brings no sidecar, which no quota counts', async () => {
		const { owner, id } = await albums.scene();
		const { key } = await albums.sharing.makeLink(owner.id, { albumId: id, allowUpload: true });
		const sidecar = '<x:xmpmeta/>';
		const [own, sent] = [
			await uploadPicture(api, owner.token, { sidecar }),
			await uploadPicture(api, '', { sidecar, query: `?key=${key}` })
		];
		const files = await api.prisma.assetFile.findMany({ where: { type: 'sidecar', assetId: { in: [own, sent] } } });
		expect(files.map(({ assetId }) => assetId)).toEqual([own]);
	});
});

describe('photos of one user', () => {
	it('are in the timeline of their owner’s ID in upper case', async () => {
		const { user, token } = await api.accounts.signIn();
		await albums.sharing.makePhoto(user.id, { visibility: 'archive' });
		const query = `visibility=archive&userId=${user.id.toUpperCase()}`;
		const reply = await api.request('GET', `/api/timeline/buckets?${query}`, { token });
		expect(reply.body).toEqual([{ timeBucket: '2026-03-01', count: 1 }]);
	});
});
