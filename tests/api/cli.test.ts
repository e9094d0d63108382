import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import { useApi } from '#tests/support/api.ts';
import { runImmich } from '#tests/support/immich-cli.ts';
import { createUniquePicture } from '#tests/support/uploads.ts';

describe('the official CLI', () => {
	const api = useApi();
	let configDir: string;

	beforeAll(async () => {
		configDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-cli-'));
	});
	afterAll(() => rm(configDir, { recursive: true, force: true }));

	const immich = (...given: string[]) => runImmich(configDir, given);

	async function keyWith(...permissions: AnyPermission[]) {
		const { user } = await api.accounts.signInAdmin();
		return { user, apiKey: await api.accounts.makeApiKey(user.id, permissions) };
	}

	it('signs in with a key that can read its owner, and signs out', async () => {
		const { user, apiKey } = await keyWith('user.read');
		const login = await immich('login', api.url, apiKey);
		expect(login).toMatchObject({ code: 0 });
		expect(login.printed).toContain(`Logged in as ${user.email}`);
		expect(await readFile(path.join(configDir, 'auth.yml'), 'utf8')).toContain(apiKey);
		expect(await immich('logout')).toMatchObject({ code: 0 });
		expect(await readdir(configDir)).not.toContain('auth.yml');
	});

	it('reports which permissions a key lacks', async () => {
		const { apiKey } = await keyWith('user.read');
		await immich('login', api.url, apiKey);
		const { code, printed } = await immich('server-info');
		expect(code).toBe(1);
		expect(printed).toContain('Missing required permissions: "server.about", "asset.statistics"');
	});

	/** Creates a folder with a subfolder and so many pictures, no two of them equal. */
	async function createFolder(count: number): Promise<string> {
		const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-photos-'));
		await mkdir(path.join(folder, 'inner'));
		for (let at = 0; at < count; at++)
			await writeFile(path.join(folder, at % 2 ? 'inner' : '', `${at}.jpg`), await createUniquePicture());
		return folder;
	}

	it('uploads 200 pictures from folders, and none of them twice', { timeout: 180_000 }, async () => {
		const { user, apiKey } = await keyWith('all');
		await immich('login', api.url, apiKey);
		const folder = await createFolder(200);
		try {
			const first = await immich('upload', '--recursive', folder);
			expect(first.printed).toContain('Found 200 new files and 0 duplicates');
			expect(first.printed).toContain('Successfully uploaded 200 new assets');
			const again = await immich('upload', '--recursive', folder);
			expect(again.printed).toContain('Found 0 new files and 200 duplicates');
			expect(await api.prisma.asset.count({ where: { ownerId: user.id } })).toBe(200);
		} finally {
			await rm(folder, { recursive: true });
		}
	});

	it('reports which uploads have failed, and why', async () => {
		const { user, apiKey } = await keyWith('all');
		await api.prisma.user.update({ where: { id: user.id }, data: { quotaSizeInBytes: 0n } });
		await immich('login', api.url, apiKey);
		const folder = await createFolder(2);
		const { printed } = await immich('upload', '--recursive', folder);
		await rm(folder, { recursive: true });
		expect(printed).toContain('Successfully uploaded 0 new assets');
		expect(printed).toContain('Failed to upload 2 assets');
		expect(printed).toContain('Quota has been exceeded!');
	});

	it('is rejected with an invalid key and with a deleted one', async () => {
		const { user, apiKey } = await keyWith('all');
		expect((await immich('login', api.url, 'x'.repeat(43))).printed).toContain('Invalid API key');
		expect(await immich('login', api.url, apiKey)).toMatchObject({ code: 0 });
		await api.prisma.apiKey.deleteMany({ where: { userId: user.id } });
		const { code, printed } = await immich('server-info');
		expect(code).toBe(1);
		expect(printed).toContain('Invalid API key');
	});
});
