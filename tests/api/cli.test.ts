import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import { useApi } from '#tests/support/api.ts';

const require = createRequire(import.meta.url);
const program = path.join(path.dirname(require.resolve('@immich/cli')), '../bin/immich');

/** The client checks for Node 22 by version; the only new feature it uses is `toArray` of iterators. */
const asNode22 = `Object.defineProperty(process, 'version', { value: 'v22.12.0' });
	Object.getPrototypeOf(Object.getPrototypeOf(new Map().values())).toArray ??= function () { return [...this]; };`;
const isOlder = Number(process.versions.node.split('.')[0]) < 22;
const preload = isOlder ? ['--import', `data:text/javascript,${encodeURIComponent(asNode22)}`] : [];

describe('the official CLI', () => {
	const api = useApi();
	let configDir: string;

	beforeAll(async () => {
		configDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-cli-'));
	});
	afterAll(() => rm(configDir, { recursive: true, force: true }));

	async function immich(...given: string[]): Promise<{ code: number | null; printed: string }> {
		const child = spawn(process.execPath, [...preload, program, ...given], {
			env: { PATH: process.env['PATH'], HOME: configDir, IMMICH_CONFIG_DIR: configDir },
			stdio: ['ignore', 'pipe', 'pipe']
		});
		const [out, error] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
		return { code: child.exitCode, printed: out + error };
	}

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

	it('reports a failed upload, which this server does not support yet', async () => {
		const { apiKey } = await keyWith('all');
		await immich('login', api.url, apiKey);
		const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-photos-'));
		for (const name of ['one.jpg', 'two.jpg']) await writeFile(path.join(folder, name), name);
		const { printed } = await immich('upload', '--recursive', folder);
		await rm(folder, { recursive: true });
		expect(printed).toContain('Found 2 new files and 0 duplicates');
		expect(printed).toContain('Failed to upload 2 assets');
		expect(printed).not.toContain('nothing to do');
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
