import { init } from '@immich/sdk';
import { rm, truncate, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { makeFilesIn } from '#tests/support/asset-files.ts';
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
