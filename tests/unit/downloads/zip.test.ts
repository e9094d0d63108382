import { mkdtemp, readdir, readlink, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toSafeName, UniqueNames } from '#lib/server/features/downloads/file-names.ts';
import { measure, predictZipBytes, resolveStored, streamZip } from '#lib/server/features/downloads/zip.ts';

let folder = '';

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-zip-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const describeFile = (name: string, lastModified = new Date()) => ({
	assetId: name,
	name,
	path: path.join(folder, name),
	lastModified
});

async function makeFile(name: string, bytes: number, lastModified?: Date) {
	await writeFile(path.join(folder, name), 'x');
	await truncate(path.join(folder, name), bytes);
	return describeFile(name, lastModified);
}

/** The files in the folder that this process has open. */
async function listOpen(): Promise<string[]> {
	const descriptors = await readdir('/proc/self/fd');
	const links = await Promise.all(descriptors.map((one) => readlink(`/proc/self/fd/${one}`).catch(() => '')));
	return links.filter((link) => link.startsWith(folder));
}

const ignore = () => Promise.resolve();

describe('an archive', () => {
	it('has the announced size, also with files without contents and from before 1980', async () => {
		const entries = await measure([
			await makeFile('empty.jpg', 0),
			await makeFile('häßlich.jpg', 300_000, new Date('1970-01-01T00:00:00Z')),
			await makeFile('one.jpg', 1)
		]);
		let size = 0;
		for await (const piece of streamZip(entries, ignore)) size += piece.length;
		expect(size).toBe(predictZipBytes(entries));
		expect(await listOpen()).toEqual([]);
	});

	it('reads files one at a time and only as fast as it is read, and closes them when its reader leaves', async () => {
		const entries = await measure([await makeFile('a.jpg', 5_000_000), await makeFile('b.jpg', 5_000_000)]);
		const asked: number[] = [];
		const pieces = streamZip(entries, (index) => {
			asked.push(index);
			return Promise.resolve();
		});
		for (let count = 0; count < 6; count++) await pieces.next();
		expect([asked, await listOpen()]).toEqual([[0], [path.join(folder, 'a.jpg')]]);
		await pieces.return(undefined);
		expect(await listOpen()).toEqual([]);
	});

	it('fails if a file disappears or becomes shorter', async () => {
		for (const spoil of [() => rm(path.join(folder, 'b.jpg')), () => truncate(path.join(folder, 'b.jpg'), 100)]) {
			const entries = await measure([await makeFile('a.jpg', 2_000_000), await makeFile('b.jpg', 2_000_000)]);
			const pieces = streamZip(entries, ignore);
			await pieces.next();
			await spoil();
			await expect(
				(async () => {
					while (!(await pieces.next()).done);
				})()
			).rejects.toThrow('The file of b.jpg is not available');
			expect(await listOpen()).toEqual([]);
		}
	});

	it('can’t be announced for a file that isn’t there or is no file', async () => {
		for (const name of ['missing.jpg', '.'])
			await expect(measure([describeFile(name)])).rejects.toThrow(`The file of ${name} is not available`);
	});
});

describe('the path of a stored file', () => {
	it('is below the data folder', () => {
		expect(resolveStored('/data', 'id', 'upload/a.jpg')).toBe('/data/upload/a.jpg');
		expect(resolveStored('/data', 'id', '/data/upload/a.jpg')).toBe('/data/upload/a.jpg');
	});

	it.each(['../a.jpg', '/etc/passwd', '/database/a.jpg', '/data', '', 'a\0.jpg', 'upload/../../etc/passwd'])(
		'is never %j',
		(stored) => {
			expect(() => resolveStored('/data', 'id', stored)).toThrow('The file of id is not available');
		}
	);
});

describe('names', () => {
	it('fit into a file system, and keep their ending', () => {
		const name = toSafeName(`${'é'.repeat(500)}.jpeg`, 'id');
		expect(name).toMatch(/^é+\.jpeg$/);
		expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
	});

	it('stay different, even if some look like numbered ones', () => {
		const names = new UniqueNames();
		expect(['a.jpg', 'a+1.jpg', 'a.jpg', 'A.jpg', 'a+1.jpg'].map((name) => names.add(name))).toEqual([
			'a.jpg',
			'a+1.jpg',
			'a+2.jpg',
			'A+3.jpg',
			'a+1+1.jpg'
		]);
	});

	it('are numbered in linear time', () => {
		const names = new UniqueNames();
		const added = Array.from({ length: 10_000 }, () => names.add('IMG_0001.JPG'));
		expect(new Set(added).size).toBe(10_000);
	});
});
