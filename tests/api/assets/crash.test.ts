import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AssetFiles } from '#lib/server/features/assets/asset-files.ts';
import { removeOrphanedFiles } from '#lib/server/features/assets/asset-removal.ts';
import { AssetTrashRepository } from '#lib/server/features/assets/asset-trash.repository.ts';
import { createSilentLog } from '#lib/server/platform/log.ts';
import { useApi } from '#tests/support/api.ts';
import { createSender } from '#tests/support/http.ts';
import { launchServer } from '#tests/support/server.ts';
import { defaultEnv } from '#tests/support/shared-server.ts';
import { buildUpload } from '#tests/support/uploads.ts';

const api = useApi({ isOwn: true });
let dataDir: string;

beforeAll(async () => {
	dataDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-crash-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const launch = () => launchServer({ ...defaultEnv, DATABASE_URL: api.databaseUrl, DATA_DIR: dataDir });
const listFiles = async () =>
	(await readdir(path.join(dataDir, 'upload'), { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name));

/** Uploads until the server is gone. */
async function keepUploading(port: number, token: string): Promise<void> {
	const { send, close } = createSender(`http://127.0.0.1:${port}`);
	try {
		for (;;) {
			const { raw, headers } = await buildUpload({ bytes: randomBytes(200_000) });
			await send('POST', '/api/assets', { raw, headers: { ...headers, authorization: `Bearer ${token}` } });
		}
	} catch {
		// The connection has ended with the server.
	} finally {
		close();
	}
}

it('a killed server leaves complete photos or nothing, and an exact count', { timeout: 120_000 }, async () => {
	const { user, token } = await api.accounts.signIn();
	const count = () => api.prisma.asset.count({ where: { ownerId: user.id } });
	for (let round = 0; round < 3; round++) {
		const server = launch();
		const port = await server.ready;
		const before = await count();
		const uploading = Promise.all(Array.from({ length: 8 }, () => keepUploading(port, token)));
		await expect.poll(count, { timeout: 20_000, interval: 5 }).toBeGreaterThan(before + 3);
		await server.stop('SIGKILL');
		await uploading;
	}
	const rows = await api.prisma.asset.findMany({ where: { ownerId: user.id }, include: { exif: true } });
	for (const { originalPath, checksum, exif } of rows) {
		const content = await readFile(path.join(dataDir, originalPath));
		expect(createHash('sha1').update(content).digest()).toEqual(Buffer.from(checksum));
		expect(exif?.fileSizeInByte).toBe(BigInt(content.byteLength));
	}
	const { quotaUsageInBytes } = await api.accounts.findUser(user.id);
	expect(Number(quotaUsageInBytes)).toBe(rows.length * 200_000);

	const twoHours = 2 * 60 * 60_000;
	const orphaned = removeOrphanedFiles(
		{
			files: new AssetFiles(dataDir),
			store: { assetTrash: new AssetTrashRepository({ prisma: api.prisma }) },
			log: createSilentLog()
		},
		() => Date.now() + twoHours
	);
	// The notes of interrupted uploads go too, and aren't counted.
	const left = (await listFiles()).filter((file) => !file.endsWith('.kept')).length - rows.length;
	const { signal } = new AbortController();
	const result = await orphaned({ data: {}, signal, add: () => Promise.resolve(null) });
	expect(result).toBe(`${left} ${left === 1 ? 'file' : 'files'} removed`);
	expect((await listFiles()).sort()).toEqual(rows.map((row) => path.join(dataDir, row.originalPath)).sort());
});
