import { downloadArchive, getDownloadInfo, init } from '@immich/sdk';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Prisma } from '#lib/server/platform/database/database.ts';
import { useApi } from '#tests/support/api.ts';
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

let made = 0;
/** Creates an asset with a file that contains its name. */
async function makeFile(
	ownerId: string,
	originalFileName: string,
	fields: Partial<Prisma.AssetUncheckedCreateInput> = {},
	content = originalFileName
): Promise<string> {
	const originalPath = path.posix.join('library', ownerId, `${String((made += 1))}.bin`);
	const file = path.join(api.dataDir, originalPath);
	await mkdir(path.dirname(file), { recursive: true });
	await writeFile(file, content);
	const moment = new Date(Date.UTC(2026, 0, 1) - made * 1_000);
	const id = await sharing.makePhoto(ownerId, { originalFileName, originalPath, localDateTime: moment, ...fields });
	await api.prisma.assetExif.create({ data: { assetId: id, fileSizeInByte: content.length } });
	return id;
}

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

/** Requests an archive without reading it, so that it stalls once the buffers are full. */
const startArchive = (assetIds: readonly string[], token: string): Promise<http.IncomingMessage> =>
	new Promise((resolve, reject) => {
		const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
		http
			.request(`${api.url}/api/download/archive`, { method: 'POST', headers }, resolve)
			.once('error', reject)
			.end(JSON.stringify({ assetIds }));
	});

/** Reads the rest; null if the connection ended early. */
async function readRest(response: http.IncomingMessage): Promise<number | null> {
	let size = 0;
	try {
		for await (const chunk of response as AsyncIterable<Buffer>) size += chunk.length;
		return size;
	} catch {
		return null;
	}
}

describe('while an archive is sent', () => {
	const large = 24 * 1024 * 1024;
	/** Creates files too large for the buffers of a connection. */
	const makeLarge = async (count: number) => {
		const ids: string[] = [];
		for (let number = 0; number < count; number++) {
			ids.push(await makeFile(ada.id, `large-${String(number)}.bin`));
			const row = await api.prisma.asset.findUniqueOrThrow({ where: { id: ids.at(-1) ?? '' } });
			await truncate(path.join(api.dataDir, row.originalPath), large);
		}
		return ids;
	};
	const fileOf = async (id: string) =>
		path.join(api.dataDir, (await api.prisma.asset.findUniqueOrThrow({ where: { id } })).originalPath);

	it('is whole otherwise', async () => {
		const response = await startArchive(await makeLarge(2), ada.token);
		expect(await readRest(response)).toBe(Number(response.headers['content-length']));
	});

	it('a file that disappears or shrinks ends it with an error, never silently', async () => {
		const ids = await makeLarge(3);
		for (const spoil of [
			async () => rm(await fileOf(ids[2] ?? '')),
			async () => truncate(await fileOf(ids[1] ?? ''), 1_000)
		]) {
			const response = await startArchive(ids, ada.token);
			expect(response.statusCode).toBe(200);
			await spoil();
			expect(await readRest(response)).toBeNull();
			await truncate(await fileOf(ids[1] ?? ''), large);
			await writeFile(await fileOf(ids[2] ?? ''), Buffer.alloc(large));
		}
	});

	it('access that is lost ends it', async () => {
		const ids = [...(await makeLarge(2))];
		for (let number = 0; number < 60; number++) ids.push(await makeFile(ada.id, 'small.jpg'));
		const response = await startArchive(ids, ada.token);
		await api.prisma.session.deleteMany({ where: { userId: ada.id } });
		await api.request('GET', '/api/server/ping');
		expect(await readRest(response)).toBeNull();
	});
});

describe('downloads by a link', () => {
	const byKey = (key: string) => `?key=${key}`;

	it('work only with the right to download, and only for what it shows', async () => {
		const [inAlbum, other] = [await makeFile(ada.id, 'in album.jpg'), await makeFile(ada.id, 'other.jpg')];
		const albumId = await sharing.makeAlbum([[ada.id, 'owner']], [inAlbum]);
		const { key } = await sharing.makeLink(ada.id, { albumId });
		const denied = await sharing.makeLink(ada.id, { albumId, allowDownload: false });
		const post = (route: 'info' | 'archive', body: object, by = key) => ask(route, body, {}, byKey(by));
		expect((await post('info', { albumId })).body).toEqual({
			totalSize: 12,
			archives: [{ size: 12, assetIds: [inAlbum] }]
		});
		expect(await readZip((await post('archive', { assetIds: [inAlbum] })).bytes)).toEqual([
			['in album.jpg', 'in album.jpg']
		]);
		for (const [body, by] of [
			[{ assetIds: [other] }, key],
			[{ assetIds: [inAlbum] }, denied.key]
		] as const)
			for (const route of ['info', 'archive'] as const) expect((await post(route, body, by)).status).toBe(400);
		expect((await post('info', { albumId }, denied.key)).status).toBe(400);
		expect((await post('info', { userId: ada.id })).status).toBe(400);
	});

	it('GET /download/archive sends all that a link shows', async () => {
		const [one, two] = [await makeFile(ada.id, 'one.jpg'), await makeFile(ada.id, 'two.jpg')];
		const albumId = await sharing.makeAlbum([[ada.id, 'owner']], [one, two]);
		await api.prisma.album.update({ where: { id: albumId }, data: { albumName: 'Beach' } });
		const get = (query: string, sent = {}) => api.request('GET', `/api/download/archive${query}`, sent);
		const album = await get(byKey((await sharing.makeLink(ada.id, { albumId })).key));
		expect(album.headers['content-disposition']).toBe('attachment; filename="Beach.zip"');
		expect(await readZip(album.bytes)).toEqual([
			['one.jpg', 'one.jpg'],
			['two.jpg', 'two.jpg']
		]);
		const single = await get(byKey((await sharing.makeLink(ada.id, { assetIds: [two] })).key));
		expect(await readZip(single.bytes)).toEqual([['two.jpg', 'two.jpg']]);
		for (const fields of [{ albumId }, { assetIds: [one] }]) {
			const { key } = await sharing.makeLink(ada.id, { ...fields, allowDownload: false });
			expect((await get(byKey(key))).status).toBe(400);
		}
		expect((await get(`?albumId=${albumId}`, { token: ada.token })).status).toBe(200);
		expect((await get('', { token: ada.token })).status).toBe(400);
		const other = await api.accounts.signIn();
		expect((await get(`?albumId=${albumId}`, { token: other.token })).status).toBe(400);
	});
});
