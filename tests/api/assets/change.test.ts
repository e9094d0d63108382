import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { AuditBlock } from '#tests/support/audit-block.ts';
import { waitForJobs } from '#tests/support/jobs.ts';
import { message } from '#tests/support/shapes.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { upload, uploadPicture } from '#tests/support/uploads.ts';

const api = useApi();
const block = new AuditBlock(api);
beforeAll(() => block.prepare());

const find = (id: string) => api.prisma.asset.findUnique({ where: { id }, include: { exif: true } });
const usageOf = async (id: string) => Number((await api.accounts.findUser(id)).quotaUsageInBytes);
const unlock = (userId: string) =>
	api.accounts.makeSession(userId, { pinExpiresAt: new Date(Date.now() + 10 * 60_000) });

async function signInWithPhotos(count = 1) {
	const signedIn = await api.accounts.signIn();
	const ids: string[] = [];
	for (let at = 0; at < count; at++) ids.push(await uploadPicture(api, signedIn.token));
	const [first = ''] = ids;
	return { ...signedIn, ids, first };
}

describe('PUT /assets', () => {
	it('changes one and many', async () => {
		const { token, ids, first } = await signInWithPhotos(2);
		const change = {
			isFavorite: true,
			description: 'At the lake',
			rating: 4,
			latitude: 48.1,
			longitude: 11.5,
			dateTimeOriginal: '2020-06-01T12:00:00+02:00'
		};
		const one = await api.request('PUT', `/api/assets/${first}`, { token, body: { ...change, visibility: 'archive' } });
		expect(one.status, one.text).toBe(200);
		expect(one.body).toMatchObject({
			isFavorite: true,
			isArchived: true,
			localDateTime: '2020-06-01T12:00:00.000Z',
			fileCreatedAt: '2020-06-01T10:00:00.000Z',
			exifInfo: { description: 'At the lake', rating: 4, latitude: 48.1, longitude: 11.5 }
		});
		const many = await api.request('PUT', '/api/assets', { token, body: { ids, ...change, dateTimeRelative: 60 } });
		expect(many.status).toBe(204);
		for (const id of ids)
			expect(await find(id)).toMatchObject({ isFavorite: true, localDateTime: new Date('2020-06-01T13:00:00Z') });
	});

	it('is the owner’s only, and all or nothing', async () => {
		const owner = await signInWithPhotos();
		const other = await signInWithPhotos();
		const sharing = new Sharing(api.prisma);
		await sharing.makeAlbum(
			[
				[owner.user.id, 'owner'],
				[other.user.id, 'editor']
			],
			[owner.first]
		);
		await sharing.makePartner(owner.user.id, other.user.id);
		const body = { ids: [other.first, owner.first], isFavorite: true };
		const reply = await api.request('PUT', '/api/assets', { token: other.token, body });
		expect([reply.status, reply.body]).toEqual([400, message('Not found or no asset.update access')]);
		expect((await find(other.first))?.isFavorite).toBe(false);
		const single = await api.request('PUT', `/api/assets/${owner.first}`, { token: other.token, body: {} });
		expect(single.status).toBe(400);
		const removal = await api.request('DELETE', '/api/assets', { token: other.token, body: { ids: [owner.first] } });
		expect([removal.status, removal.body]).toEqual([400, message('Not found or no asset.delete access')]);
		const weak = await api.accounts.makeApiKey(owner.user.id, ['asset.read']);
		expect((await api.request('PUT', '/api/assets', { apiKey: weak, body: { ids: [] } })).status).toBe(403);
	});

	it.each(['one', 'many'])('takes locked photos out of albums and links with their motion part: %s', async (how) => {
		const { user, token, first } = await signInWithPhotos();
		const motion = await uploadPicture(api, token, { name: 'motion.mp4' });
		await api.request('PUT', `/api/assets/${first}`, { token, body: { livePhotoVideoId: motion } });
		expect((await find(motion))?.visibility).toBe('hidden');
		const sharing = new Sharing(api.prisma);
		const albumId = await sharing.makeAlbum([[user.id, 'owner']], [first, motion]);
		await api.prisma.album.update({ where: { id: albumId }, data: { albumThumbnailAssetId: first } });
		await sharing.makeLink(user.id, { assetIds: [first, motion] });
		const change = { visibility: 'locked' };
		const reply =
			how === 'one'
				? await api.request('PUT', `/api/assets/${first}`, { token, body: change })
				: await api.request('PUT', '/api/assets', { token, body: { ids: [first], ...change } });
		expect(reply.status).toBeLessThan(300);
		for (const id of [first, motion]) {
			expect((await find(id))?.visibility).toBe('locked');
			expect(await api.prisma.albumAsset.count({ where: { assetId: id } })).toBe(0);
			expect(await api.prisma.sharedLinkAsset.count({ where: { assetId: id } })).toBe(0);
		}
		expect(await api.prisma.album.findUniqueOrThrow({ where: { id: albumId } })).toMatchObject({
			albumThumbnailAssetId: null
		});
		// Out of it only when unlocked.
		const out = { token, body: { ids: [first], visibility: 'timeline' } };
		expect((await api.request('PUT', '/api/assets', out)).status).toBe(400);
		expect((await api.request('PUT', '/api/assets', { ...out, token: await unlock(user.id) })).status).toBe(204);
		expect([(await find(first))?.visibility, (await find(motion))?.visibility]).toEqual(['timeline', 'hidden']);
	});
});

describe('the trash', () => {
	it('takes, restores and is emptied, and its photos count until they are gone', { timeout: 30_000 }, async () => {
		const { user, token, ids, first } = await signInWithPhotos(3);
		const before = await usageOf(user.id);
		expect((await api.request('DELETE', '/api/assets', { token, body: { ids } })).status).toBe(204);
		expect(await find(first)).toMatchObject({ status: 'trashed', deletedAt: expect.any(Date) as unknown });
		expect(await usageOf(user.id)).toBe(before);
		const restored = await api.request('POST', '/api/trash/restore/assets', { token, body: { ids: [first] } });
		expect([restored.status, restored.body]).toEqual([200, { count: 1 }]);
		expect(await find(first)).toMatchObject({ status: 'active', deletedAt: null });
		const emptied = await api.request('POST', '/api/trash/empty', { token });
		expect(emptied.body).toEqual({ count: 2 });
		await expect.poll(() => api.prisma.asset.count({ where: { ownerId: user.id } }), { timeout: 15_000 }).toBe(1);
		const size = Number((await find(first))?.exif?.fileSizeInByte);
		expect(await usageOf(user.id)).toBe(size);
		const files = await readdir(path.join(api.dataDir, 'upload', user.id), { recursive: true, withFileTypes: true });
		expect(files.filter((entry) => entry.isFile())).toHaveLength(1);
	});

	it('leaves locked photos alone unless unlocked', async () => {
		const { user, token, first } = await signInWithPhotos();
		await api.prisma.asset.update({
			where: { id: first },
			data: { visibility: 'locked', deletedAt: new Date(), status: 'trashed' }
		});
		expect((await api.request('POST', '/api/trash/restore', { token })).body).toEqual({ count: 0 });
		expect((await api.request('POST', '/api/trash/empty', { token })).body).toEqual({ count: 0 });
		const reply = await api.request('POST', '/api/trash/restore', { token: await unlock(user.id) });
		expect(reply.body).toEqual({ count: 1 });
	});

	it('lets the same file be uploaded again right after it was deleted permanently', async () => {
		const { token } = await api.accounts.signIn();
		const id = await uploadPicture(api, token, { bytes: 'again' });
		expect((await api.request('DELETE', '/api/assets', { token, body: { ids: [id], force: true } })).status).toBe(204);
		expect((await upload(api, token, { bytes: 'again' })).status).toBe(201);
		expect((await api.request('GET', `/api/assets/${id}`, { token })).status).toBe(400);
	});

	it('does nothing without an audit event', async () => {
		const { token, ids } = await signInWithPhotos(2);
		const send = (method: string, where: string, body?: unknown) => () =>
			api.request(method, `/api${where}`, { token, ...(body !== undefined && { body }) });
		// The thumbnails' jobs write too.
		await expect
			.poll(() => api.prisma.assetFile.count({ where: { assetId: { in: ids } } }), { timeout: 15_000 })
			.toBe(4);
		await waitForJobs(api.pool);
		await block.tryInVain('asset.update', send('PUT', '/assets', { ids, visibility: 'locked' }));
		await block.tryInVain('asset.trash', send('DELETE', '/assets', { ids }));
		await block.tryInVain('asset.delete', send('DELETE', '/assets', { ids, force: true }));
		await send('DELETE', '/assets', { ids })();
		await block.tryInVain('asset.restore', send('POST', '/trash/restore/assets', { ids }));
		await block.tryInVain('asset.restore', send('POST', '/trash/restore'));
		await block.tryInVain('asset.delete', send('POST', '/trash/empty'));
	});
});
