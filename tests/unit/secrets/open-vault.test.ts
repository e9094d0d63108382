import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#lib/server/platform/log.ts';
import { EncryptionKeyRepository } from '#lib/server/platform/secrets/encryption-key.repository.ts';
import { replaceKeyFile } from '#lib/server/platform/secrets/master-key.ts';
import { openVault } from '#lib/server/platform/secrets/open-vault.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const fromEnv = (text: string) => ({ source: 'IMMICH_AUTH_SECRET', text });
const one = fromEnv('the first of two encryption keys');
const two = fromEnv('the second of two encryption keys');
const previousOne = { source: 'IMMICH_AUTH_SECRET_PREVIOUS', text: one.text };
const log = createLog('error');

let database: TestDatabase;
let dataDir = '';
let otherDir = '';
const said: string[] = [];

beforeEach(async () => {
	database = await createTestDatabase();
	[dataDir, otherDir] = await Promise.all([newFolder(), newFolder()]);
	said.length = 0;
});
afterEach(async () => {
	await database.close();
	await Promise.all([dataDir, otherDir].map((folder) => rm(folder, { recursive: true })));
});

const newFolder = () => mkdtemp(path.join(os.tmpdir(), 'immich-auth-key-'));

type Secret = typeof one;

/** Opens it as one start of the server does. */
const start = (current: Secret | null = null, previous: Secret | null = null, folder = dataDir) =>
	openVault({
		keys: new EncryptionKeyRepository(database.prisma),
		dataDir: folder,
		secrets: { current, previous },
		log,
		onProgress: (line) => void said.push(line)
	});

const seal = (vault: Awaited<ReturnType<typeof start>>) => vault.seal('x', 'secret of a provider');
const open = (vault: Awaited<ReturnType<typeof start>>, sealed: string) => vault.open('x', sealed);

describe('the file in DATA_DIR', () => {
	it('is created at the first start, and required at every later one', async () => {
		const file = path.join(dataDir, 'secret.key');
		const sealed = seal(await start());
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect(said.join('\n')).not.toContain((await readFile(file, 'utf8')).trim());
		expect(open(await start(), sealed)).toBe('secret of a provider');

		await rename(file, `${file}.away`);
		await expect(start()).rejects.toThrow(
			/^The encryption key of this database is missing: there is no file .*secret\.key, and IMMICH_AUTH_SECRET is not set/
		);
		await expect(stat(file)).rejects.toThrow('ENOENT');

		await writeFile(file, 'another key from elsewhere', { mode: 0o600 });
		await expect(start()).rejects.toThrow(/The encryption key from .*secret\.key is not the one/);
		await expect(start(one)).rejects.toThrow(/from IMMICH_AUTH_SECRET is not the one/);

		await rename(`${file}.away`, file);
		await chmod(file, 0o644);
		expect(said).toEqual([]);
		expect(open(await start(), sealed)).toBe('secret of a provider');
		expect(said.join('\n')).toMatch(/Other users could read the encryption key/);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
	});

	it('yields to the environment, and is no longer needed then', async () => {
		const sealed = seal(await start());
		expect(open(await start(one), sealed)).toBe('secret of a provider');
		expect(said.join('\n')).toMatch(/is now the one from IMMICH_AUTH_SECRET; .*secret\.key is no longer needed/);
		await rm(path.join(dataDir, 'secret.key'));
		expect(open(await start(one), sealed)).toBe('secret of a provider');
		await expect(stat(path.join(dataDir, 'secret.key'))).rejects.toThrow('ENOENT');
	});
});

it('a new key replaces the previous one, which then opens nothing', async () => {
	const sealed = seal(await start(one));
	expect(open(await start(two, previousOne), sealed)).toBe('secret of a provider');
	await expect(start(one)).rejects.toThrow(/is not the one/);
	expect(open(await start(two), sealed)).toBe('secret of a provider');
});

it('a new key after a reset opens no earlier secrets', async () => {
	const sealed = seal(await start(one));
	await database.prisma.encryptionKey.deleteMany();
	expect(open(await start(two), sealed)).toBeNull();
});

describe('several first starts at the same time', () => {
	it('share a key', async () => {
		const [here, there] = await Promise.all([start(one), start(one, null, otherDir)]);
		expect(open(there, seal(here))).toBe('secret of a provider');
	});

	it('do not both succeed without a common key', async () => {
		const started = await Promise.allSettled([start(), start(null, null, otherDir)]);
		const refused = started.filter(({ status }) => status === 'rejected');
		expect(refused).toHaveLength(1);
		expect(String((refused[0] as PromiseRejectedResult).reason)).toMatch(
			/The encryption key .*(is missing|is not the one)/
		);
	});
});

describe('a replacement of the key file', () => {
	const previous = () => path.join(dataDir, 'secret.key.previous');

	it('leaves both keys until the database is encrypted with the new one', async () => {
		const file = path.join(dataDir, 'secret.key');
		const sealed = seal(await start());
		const before = await readFile(file, 'utf8');
		await replaceKeyFile(dataDir);
		expect(await readFile(previous(), 'utf8')).toBe(before);
		expect(await readFile(file, 'utf8')).not.toBe(before);
		for (const name of [file, previous()]) expect((await stat(name)).mode & 0o777).toBe(0o600);
		expect(await readdir(dataDir)).toHaveLength(2);
		// Interrupted here, the next start completes it.
		expect(open(await start(), sealed)).toBe('secret of a provider');
		expect(said.join('\n')).toMatch(/is now the one from .*secret\.key; .*secret\.key\.previous is no longer needed/);
		await rm(previous());
		expect(open(await start(), sealed)).toBe('secret of a provider');
	});

	it('can be interrupted after each step', async () => {
		const file = path.join(dataDir, 'secret.key');
		const sealed = seal(await start());
		const [oldKey, newKey] = [await readFile(file, 'utf8'), 'the new key of this server\n'];
		// The old key was copied, but the file isn't replaced yet.
		await writeFile(previous(), oldKey, { mode: 0o600 });
		expect(open(await start(), sealed)).toBe('secret of a provider');
		// Both files are written, and the old key is damaged only after the database has the new one.
		await writeFile(file, newKey, { mode: 0o600 });
		expect(open(await start(), sealed)).toBe('secret of a provider');
		await writeFile(previous(), '');
		expect(open(await start(), sealed)).toBe('secret of a provider');
	});
});
