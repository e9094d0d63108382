import { chmod, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender } from '#tests/support/http.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';

/** Each test starts several servers. */
const timeout = 300_000;

const admin = { email: 'ada@example.test', password: 'correct horse battery', name: 'Ada' };
const [one, two] = ['the first of two encryption keys', 'the second of two encryption keys'];
const clientSecret = 'secret of a provider';

let database: TestDatabase;
let dataDir = '';
const running = new Set<TestServer>();

beforeEach(async () => {
	database = await createTestDatabase();
	dataDir = await mkdtemp(path.join(os.tmpdir(), 'immich-auth-key-'));
});
afterEach(async () => {
	for (const server of running) await stop(server);
	await database.close();
	await rm(dataDir, { recursive: true });
});

/** Starts a server without the key that other tests share. */
async function start(env: Record<string, string> = {}): Promise<TestServer> {
	const server = await startServer({ DATABASE_URL: database.url, DATA_DIR: dataDir, IMMICH_AUTH_SECRET: '', ...env });
	running.add(server);
	return server;
}

async function stop(server: TestServer): Promise<void> {
	running.delete(server);
	await server.stop();
}

const send = async (server: TestServer, method: string, where: string, token: string | null, body?: unknown) => {
	const { send, close } = createSender(server.url);
	try {
		return await send(method, where, { ...(token !== null && { token }), ...(body !== undefined && { body }) });
	} finally {
		close();
	}
};

/** Creates an admin, saves a secret, and returns the session's token. */
async function fill(server: TestServer): Promise<string> {
	await send(server, 'POST', '/api/auth/admin-sign-up', null, admin);
	const { body } = await send(server, 'POST', '/api/auth/login', null, admin);
	const { accessToken } = body as { accessToken: string };
	await saveSecret(server, accessToken, clientSecret);
	return accessToken;
}

const saveSecret = async (server: TestServer, token: string, secret: string) => {
	const oauth = { ...systemConfigDefaults.oauth, clientSecret: secret };
	const { status } = await send(server, 'PUT', '/api/admin/config', token, { ...systemConfigDefaults, oauth });
	expect(status).toBe(200);
};

const secretShown = async (server: TestServer, token: string) =>
	((await send(server, 'GET', '/api/admin/config', token)).body as typeof systemConfigDefaults).oauth.clientSecret;

// Which key opens a database is tested in tests/unit/secrets/open-vault.test.ts.
describe('the encryption key', { timeout }, () => {
	it('is stored in a file in DATA_DIR, and the server does not start again without it', async () => {
		const file = path.join(dataDir, 'secret.key');
		const first = await start();
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		const token = await fill(first);
		expect(first.lines.join('\n')).not.toContain((await readFile(file, 'utf8')).trim());
		await stop(first);

		await rename(file, `${file}.away`);
		await expect(start()).rejects.toThrow(
			/cannot start\. The encryption key of this database is missing: there is no file .*secret\.key, and IMMICH_AUTH_SECRET is not set/
		);

		await rename(`${file}.away`, file);
		await chmod(file, 0o644);
		const back = await start();
		expect(back.lines.join('\n')).toMatch(/Other users could read the encryption key/);
		expect(await secretShown(back, token)).toBe('********');
		await stop(back);

		// Resetting the key signs everyone out and loses what it encrypted.
		await database.prisma.encryptionKey.deleteMany();
		const next = await start({ IMMICH_AUTH_SECRET: two });
		expect((await send(next, 'GET', '/api/users/me', token)).status).toBe(401);
		const login = await send(next, 'POST', '/api/auth/login', null, admin);
		expect(login.status).toBe(201);
		expect(await secretShown(next, (login.body as { accessToken: string }).accessToken)).toBe('');
		expect(next.lines.join('\n')).toMatch(/A stored secret cannot be decrypted and is ignored/);
	});

	it('can be replaced while a server with the old key is running', async () => {
		const old = await start({ IMMICH_AUTH_SECRET: one });
		const token = await fill(old);
		const file = path.join(dataDir, 'two');
		await writeFile(file, `${two}\n`);
		const next = await start({ IMMICH_AUTH_SECRET_FILE: file, IMMICH_AUTH_SECRET_PREVIOUS: one });
		expect((await send(next, 'GET', '/api/users/me', token)).status).toBe(200);
		await saveSecret(next, token, 'changed on the new one');
		await expect.poll(() => secretShown(old, token)).toBe('********');
		await saveSecret(old, token, 'changed on the old one');
		await expect.poll(() => secretShown(next, token)).toBe('********');
		expect([...old.lines, ...next.lines].join('\n')).not.toMatch(/cannot be decrypted/);
	});

	it('is shared by servers that start on a new database at the same time', async () => {
		const otherDir = await mkdtemp(path.join(os.tmpdir(), 'immich-auth-key-'));
		try {
			const [here, there] = await Promise.all(
				[dataDir, otherDir].map((DATA_DIR) => start({ DATA_DIR, IMMICH_AUTH_SECRET: one }))
			);
			if (!here || !there) throw new Error('Not started');
			const token = await fill(here);
			expect((await send(there, 'GET', '/api/users/me', token)).status).toBe(200);
		} finally {
			await rm(otherDir, { recursive: true });
		}
	});
});
