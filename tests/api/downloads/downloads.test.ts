import { downloadArchive, getDownloadInfo, init } from '@immich/sdk';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { makeFilesIn } from '#tests/support/asset-files.ts';
import { message } from '#tests/support/shapes.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { readZip } from '#tests/support/zip.ts';

const api = useApi();
let sharing: Sharing;
let ada: { id: string; token: string };

beforeAll(() => {
	sharing = new Sharing(api.prisma);
});

beforeEach(async () => {
	const { user, token } = await api.accounts.signIn();
	ada = { id: user.id, token };
	init({ baseUrl: `${api.url}/api`, apiKey: await api.accounts.makeApiKey(user.id) });
});

const makeFile = makeFilesIn(api);

const ask = (route: 'info' | 'archive', body: object, sent: object = { token: ada.token }, query = '') =>
	api.request('POST', `/api/download/${route}${query}`, { body, ...sent });

describe('POST /download/info', () => {
	it('plans archives of a size, with motion parts', async () => {
		const motion = await makeFile(ada.id, 'motion.mp4', { visibility: 'hidden', type: 'VIDEO' }, 'm'.repeat(50));
		const one = await makeFile(ada.id, 'one.jpg', { livePhotoVideoId: motion }, 'a'.repeat(30));
		const two = await makeFile(ada.id, 'two.jpg', {}, 'b'.repeat(500));
		const three = await makeFile(ada.id, 'three.jpg', {}, 'c'.repeat(20));
		const info = await getDownloadInfo({ downloadInfoDto: { assetIds: [one, two, three], archiveSize: 100 } });
		expect(info.totalSize).toBe(600);
		expect(info.archives.map(({ size }) => size)).toEqual([80, 500, 20]);
		expect(info.archives.map(({ assetIds }) => assetIds.toSorted())).toEqual([
			[one, motion].toSorted(),
			[two],
			[three]
		]);
	});

	it('plans an album for its members, without trashed and locked photos', async () => {
		const bob = await sharing.makeUser();
		const [shown, trashed, locked] = [
			await makeFile(bob, 'shown.jpg'),
			await makeFile(bob, 'trashed.jpg', { deletedAt: new Date() }),
			await makeFile(bob, 'locked.jpg', { visibility: 'locked' })
		];
		const albumId = await sharing.makeAlbum(
			[
				[bob, 'owner'],
				[ada.id, 'viewer']
			],
			[shown, trashed, locked]
		);
		expect((await getDownloadInfo({ downloadInfoDto: { albumId } })).archives).toEqual([
			{ size: 9, assetIds: [shown] }
		]);
		const other = await api.accounts.signIn();
		const refused = await ask('info', { albumId }, { token: other.token });
		expect([refused.status, refused.body]).toEqual([400, message('Not found or no album.download access')]);
	});

	it('plans one’s own library, with locked photos only in an elevated session', async () => {
		const [shown, locked] = [
			await makeFile(ada.id, 'shown.jpg'),
			await makeFile(ada.id, 'locked.jpg', { visibility: 'locked' })
		];
		await makeFile(ada.id, 'trashed.jpg', { deletedAt: new Date() });
		const body = { userId: ada.id };
		const list = async (token: string) => {
			const { archives } = (await ask('info', body, { token })).body as { archives: { assetIds: string[] }[] };
			return archives.flatMap(({ assetIds }) => assetIds);
		};
		expect(await list(ada.token)).toEqual([shown]);
		const elevated = await api.accounts.makeSession(ada.id, { pinExpiresAt: new Date(Date.now() + 60_000) });
		expect(await list(elevated)).toEqual([shown, locked]);
		const other = await api.accounts.signInAdmin();
		const refused = await ask('info', body, { token: other.token });
		expect([refused.status, refused.body]).toEqual([400, message('Not found or no timeline.download access')]);
	});

	it('returns 400 if nothing is named', async () => {
		expect((await ask('info', {})).status).toBe(400);
	});
});

describe('POST /download/archive', () => {
	it('sends the originals uncompressed, in the order of the request, and announces the size', async () => {
		const [one, two] = [await makeFile(ada.id, 'one.jpg'), await makeFile(ada.id, 'two.jpg')];
		const reply = await ask('archive', { assetIds: [two, one, two.toUpperCase()], archiveName: 'Ferien ☀/2026' });
		expect(reply.status).toBe(200);
		expect(reply.headers).toMatchObject({
			'content-type': 'application/zip',
			'content-length': String(reply.bytes.length),
			'cache-control': 'no-store',
			'content-disposition': `attachment; filename="Ferien___2026.zip"; filename*=UTF-8''Ferien%20%E2%98%80_2026.zip`
		});
		expect(await readZip(reply.bytes)).toEqual([
			['two.jpg', 'two.jpg'],
			['one.jpg', 'one.jpg']
		]);
		const blob = await downloadArchive({ downloadArchiveDto: { assetIds: [one] } });
		expect(await readZip(Buffer.from(await blob.arrayBuffer()))).toEqual([['one.jpg', 'one.jpg']]);
	});

	it('numbers equal names, and makes every name safe', async () => {
		const names = ['a.jpg', 'A.JPG', 'a.jpg', '../../etc/passwd', 'C:\\x\\y.png', '..', 'CON', 'x\u202Egpj.exe', '\n'];
		const ids: string[] = [];
		for (const name of names) ids.push(await makeFile(ada.id, name, {}, 'x'));
		const reply = await ask('archive', { assetIds: ids });
		const stored = (await readZip(reply.bytes)).map(([name]) => name);
		expect(stored.slice(0, -1)).toEqual([
			'a.jpg',
			'A+1.JPG',
			'a+2.jpg',
			'__.._etc_passwd',
			'C__x_y.png',
			'_',
			'_+1',
			'xgpj.exe'
		]);
		expect(stored.at(-1)).toBe(ids.at(-1));
	});

	it.each([
		['another user’s photo', {}],
		['one’s own locked photo', { visibility: 'locked' as const, isOwn: true }]
	])('refuses %s along with everything else', async (_, { isOwn = false, ...fields }: { isOwn?: boolean }) => {
		const mine = await makeFile(ada.id, 'mine.jpg');
		const other = await makeFile(isOwn ? ada.id : await sharing.makeUser(), 'other.jpg', fields);
		for (const route of ['info', 'archive'] as const) {
			const reply = await ask(route, { assetIds: [mine, other] });
			expect([reply.status, reply.body]).toEqual([400, message('Not found or no asset.download access')]);
		}
	});

	it('sends locked photos to an elevated session only, and never to a key', async () => {
		const assetIds = [await makeFile(ada.id, 'locked.jpg', { visibility: 'locked' })];
		const elevated = await api.accounts.makeSession(ada.id, { pinExpiresAt: new Date(Date.now() + 60_000) });
		expect((await ask('archive', { assetIds }, { token: elevated })).status).toBe(200);
		expect((await ask('archive', { assetIds }, { apiKey: await api.accounts.makeApiKey(ada.id) })).status).toBe(400);
	});

	it('sends what partners and albums share, until it is no longer shared', async () => {
		const bob = await sharing.makeUser();
		const [ofPartner, inAlbum] = [
			await makeFile(bob, 'partner.jpg'),
			await makeFile(await sharing.makeUser(), 'a.jpg')
		];
		await sharing.makePartner(bob, ada.id);
		const albumId = await sharing.makeAlbum(
			[
				[await sharing.makeUser(), 'owner'],
				[ada.id, 'viewer']
			],
			[inAlbum]
		);
		const get = async () => (await ask('archive', { assetIds: [ofPartner, inAlbum] })).status;
		expect(await get()).toBe(200);
		await api.prisma.albumUser.deleteMany({ where: { albumId, userId: ada.id } });
		expect(await get()).toBe(400);
	});

	it('returns 500 for a missing file, and never reads outside of the data folder', async () => {
		const missing = await makeFile(ada.id, 'missing.jpg');
		await rm(path.join(api.dataDir, 'library', ada.id), { recursive: true });
		const outside = await makeFile(ada.id, 'passwd', { originalPath: '/etc/passwd' });
		const above = await makeFile(ada.id, 'passwd', { originalPath: '../../../../../../etc/passwd' });
		for (const id of [missing, outside, above]) {
			const reply = await ask('archive', { assetIds: [id] });
			expect([reply.status, reply.body]).toEqual([500, message(`The file of ${id} is not available`)]);
		}
	});
});
