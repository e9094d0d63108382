import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStore, type Store } from '#lib/server/app/store.ts';
import { AssetFiles } from '#lib/server/features/assets/asset-files.ts';
import { findFilesOfUser, removeOrphanedFiles } from '#lib/server/features/assets/asset-removal.ts';
import { createSilentLog } from '#lib/server/platform/log.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { testVault } from '#tests/support/vault.ts';

let database: TestDatabase;
let store: Store;
let dataDir: string;
let files: AssetFiles;
const hourMs = 3_600_000;

beforeAll(async () => {
	database = await createTestDatabase();
	store = createStore({ ...database, vault: testVault });
});
afterAll(() => database.close());
beforeEach(async () => {
	dataDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-assets-'));
	files = new AssetFiles(dataDir);
});
afterEach(async () => {
	await rm(dataDir, { recursive: true });
});

const listFiles = async () =>
	(await readdir(dataDir, { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map(({ name }) => name)
		.sort();

/** Keeps the file of an asset as an upload does. */
async function keep(owner: { id: string; storageLabel: string | null }, assetId: string): Promise<string> {
	const limit = { maxBytes: 100, tooLarge: () => new Error('too large') };
	const received = await files.receive('a.jpg', Readable.from([Buffer.from('photo')]), limit);
	return files.keep(received, owner, assetId, '.jpg');
}

function runJob(laterMs: number): Promise<unknown> {
	const job = removeOrphanedFiles({ store, files, log: createSilentLog() }, () => Date.now() + laterMs);
	return job({ data: {}, signal: AbortSignal.timeout(60_000), add: () => Promise.resolve(null) });
}

describe('the job for orphaned files', () => {
	it('removes what an interrupted upload left, and nothing that belongs to an asset', async () => {
		const owner = { id: await new Sharing(database.prisma).makeUser(), storageLabel: null };
		const [stored, interrupted] = [await new Sharing(database.prisma).makePhoto(owner.id), crypto.randomUUID()];
		for (const id of [stored, interrupted]) {
			await files.note(id);
			await keep(owner, id);
		}
		await files.receive('b.jpg', Readable.from([Buffer.from('cut off')]), {
			maxBytes: 100,
			tooLarge: () => new Error('too large')
		});
		expect(await runJob(2 * hourMs)).toBe('2 files removed');
		expect(await listFiles()).toEqual([`${stored}.jpg`]);
	});

	it('keeps an original whose row is missing for another reason, and says so', async () => {
		const lost = crypto.randomUUID();
		await keep({ id: crypto.randomUUID(), storageLabel: null }, lost);
		await files.writeThumbnail(crypto.randomUUID(), lost, 'preview.jpeg', Buffer.from('thumbnail'));
		expect(await runJob(2 * hourMs)).toBe('1 file removed; 1 unknown to the database kept');
		expect(await listFiles()).toEqual([`${lost}.jpg`]);
	});

	it('leaves uploads in progress alone', async () => {
		const id = crypto.randomUUID();
		await files.note(id);
		await keep({ id, storageLabel: null }, id);
		expect(await runJob(0)).toBe('0 files removed');
		expect(await listFiles()).toEqual([`${id}.jpg`, `${id}.kept`].sort());
	});
});

describe('the removal of a user', () => {
	it('removes their files, and none of a user who had the same storage label before', async () => {
		const sharing = new Sharing(database.prisma);
		const label = 'family';
		const [first, second] = [await sharing.makeUser(), await sharing.makeUser()];
		const paths: string[] = [];
		for (const owner of [first, second]) {
			const id = await sharing.makePhoto(owner);
			const originalPath = await keep({ id: owner, storageLabel: label }, id);
			await database.prisma.asset.update({ where: { id }, data: { originalPath } });
			paths.push(path.basename(originalPath));
		}
		await mkdir(path.join(dataDir, 'thumbs', second), { recursive: true });
		await writeFile(path.join(dataDir, 'thumbs', second, 'x.webp'), 'x');
		await (
			await findFilesOfUser({ store, files })({ id: second })
		)();
		expect(await listFiles()).toEqual([paths[0]]);
	});
});
