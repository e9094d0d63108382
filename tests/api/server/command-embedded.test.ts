import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAdmin } from '#tests/support/command.ts';
import { createSender } from '#tests/support/http.ts';
import { startFreshServer, startServer, type FreshServer, type TestServer } from '#tests/support/server.ts';

/** Each test starts PostgreSQL several times. */
const timeout = 300_000;
const admin = { email: 'ada@example.test', password: 'correct horse battery', name: 'Ada' };
const noAddress = { DATABASE_URL: '', DB_URL: '', DB_HOSTNAME: '', IMMICH_AUTH_SECRET: '' };

let first: FreshServer;
let running: TestServer | undefined;
let env: Record<string, string>;

const request = async (method: string, where: string, body?: unknown) => {
	const { send, close } = createSender((running ?? first).url);
	try {
		return await send(method, where, { body });
	} finally {
		close();
	}
};
const signIn = async (secret: string) =>
	(await request('POST', '/api/auth/login', { email: admin.email, password: secret })).status;
const start = async () => {
	running = await startServer(env);
};
const stop = async () => {
	await running?.stop();
	running = undefined;
};
const isPostgresRunning = () =>
	stat(path.join(first.dataDir, 'postgres/data/postmaster.pid')).then(
		() => true,
		() => false
	);

beforeAll(async () => {
	first = await startFreshServer(noAddress);
	env = { ...noAddress, DATA_DIR: first.dataDir };
	await request('POST', '/api/auth/admin-sign-up', admin);
}, timeout);
afterAll(async () => {
	await stop();
	await first.stop();
}, timeout);

describe('with the embedded database', { timeout }, () => {
	it('works beside the running server, which notices immediately and keeps its database', async () => {
		const { code, out, error } = await runAdmin(['reset-admin-password', '--yes'], env);
		expect({ code, error }).toEqual({ code: 0, error: '' });
		expect(await signIn(out.trim().split('\n').at(-1) ?? '')).toBe(201);
		expect(await signIn(admin.password)).toBe(401);
		expect((await runAdmin(['enable-maintenance-mode'], env)).code).toBe(0);
		expect((await request('GET', '/api/server/media-types')).status).toBe(503);
		expect((await runAdmin(['disable-maintenance-mode'], env)).code).toBe(0);
		expect((await request('GET', '/api/server/media-types')).status).toBe(200);
	});

	it('starts the database of a stopped server, and stops it again', async () => {
		await first.halt();
		expect(await isPostgresRunning()).toBe(false);
		const reset = await runAdmin(['reset-admin-password', '--password-stdin', '--yes'], env, 'plum tractor 19 violin');
		expect(reset).toMatchObject({ code: 0, error: '' });
		expect((await runAdmin(['enable-oauth-login'], env)).out).toBe('OAuth login has been enabled.\n');
		expect((await runAdmin(['list-users'], env)).out).toContain(admin.email);
		expect((await runAdmin(['migrate'], env)).out).toBe('The database is up to date.\n');
		expect((await runAdmin(['doctor', '--json'], env)).code).toBe(0);
		expect(await isPostgresRunning()).toBe(false);
		await start();
		expect(await signIn('plum tractor 19 violin')).toBe(201);
		expect((await request('GET', '/api/server/features')).body).toMatchObject({ oauth: true });
	});

	it('replaces the key file beside a running server, which starts with the new one', async () => {
		const file = path.join(first.dataDir, 'secret.key');
		const [before, { uid, mode }] = [await readFile(file, 'utf8'), await stat(file)];
		const rotated = await runAdmin(['rotate-secret', '--yes'], env);
		expect(rotated).toMatchObject({ code: 0, error: '' });
		expect(rotated.out).toMatch(/^The encryption key has been replaced\. It is now the one from .*secret\.key\.\n/);
		const after = await readFile(file, 'utf8');
		expect(after).toMatch(/^[\w-]{43}\n$/);
		expect(after).not.toBe(before);
		expect(rotated.out + rotated.error).not.toContain(after.trim());
		expect(await stat(file)).toMatchObject({ uid, mode });
		await expect(stat(`${file}.previous`)).rejects.toThrow('ENOENT');
		expect(await signIn('plum tractor 19 violin')).toBe(201);
		await stop();
		await start();
		expect(await signIn('plum tractor 19 violin')).toBe(201);
	});

	it('refuses a folder without a database, and creates none', async () => {
		const nowhere = path.join(first.dataDir, 'typo');
		for (const given of [['list-users'], ['reset-admin-password', '--yes'], ['rotate-secret', '--yes'], ['doctor']]) {
			const { code, out, error } = await runAdmin(given, { ...env, DATA_DIR: nowhere });
			expect(code).toBe(1);
			expect(out + error).toContain(`There is no database in ${nowhere}.`);
		}
		await expect(stat(nowhere)).rejects.toThrow('ENOENT');
	});
});
