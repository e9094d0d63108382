import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#lib/server/platform/log.ts';
import { EncryptionKeyRepository } from '#lib/server/platform/secrets/encryption-key.repository.ts';
import { makeKeyFile, readKeyFile } from '#lib/server/platform/secrets/master-key.ts';
import { openVault } from '#lib/server/platform/secrets/open-vault.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { withFileFaults } from '#tests/support/file-faults.ts';

let folder = '';
let file = '';
const said: string[] = [];
const say = (line: string) => void said.push(line);

beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'immich-auth-key-'));
	file = path.join(folder, 'secret.key');
	said.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

describe('a file system without hard links', () => {
	it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])('still stores the key: %s', async (link) => {
		const made = await withFileFaults({ link }, () =>
			Promise.all(Array.from({ length: 8 }, () => makeKeyFile(folder, say)))
		);
		expect(new Set(made.map(({ key }) => Buffer.from(key).toString('hex'))).size).toBe(1);
		expect(await readKeyFile(folder, say)).toEqual(made[0]);
		expect(await readdir(folder)).toEqual(['secret.key']);
		expect(said).toEqual([]);
	});

	it('keeps an existing key', async () => {
		await writeFile(file, 'a key that was there before\n', { mode: 0o600 });
		const kept = await readKeyFile(folder, say);
		expect(await withFileFaults({ link: 'EPERM' }, () => makeKeyFile(folder, say))).toEqual(kept);
	});

	it('is refused if nothing can be written', async () => {
		await withFileFaults({ link: 'ENOSPC' }, () =>
			expect(makeKeyFile(folder, say)).rejects.toThrow(/cannot be written \(ENOSPC\)/)
		);
	});
});

describe('a file system without modes', () => {
	it.each(['EPERM', 'ENOTSUP', null])('causes a warning, and the server starts: %s', async (chmod) => {
		await writeFile(file, 'a key that was there before\n', { mode: 0o644 });
		expect(await withFileFaults({ chmod }, () => readKeyFile(folder, say))).not.toBeNull();
		expect((await stat(file)).mode & 0o777).toBe(0o644);
		expect(said).toHaveLength(1);
		expect(said[0]).toMatch(
			/^Other users may be able to read the encryption key .*secret\.key.*set IMMICH_AUTH_SECRET\.$/
		);
	});
});

describe('opening the vault', () => {
	let database: TestDatabase;
	let keys: EncryptionKeyRepository;
	const log = createLog('error');
	const given = { source: 'IMMICH_AUTH_SECRET', text: 'a secret of the environment' };
	const open = (current: typeof given | null) =>
		openVault({ keys, dataDir: folder, secrets: { current, previous: null }, log, onProgress: say });

	beforeAll(async () => {
		database = await createTestDatabase();
		keys = new EncryptionKeyRepository(database.prisma);
	});
	afterAll(() => database.close());

	it.each(['', 'short', ' \n'])('needs no file if the environment has the key: %j', async (text) => {
		await writeFile(file, text, { mode: 0o600 });
		const vault = await open(given);
		expect(vault.open('x', vault.seal('x', 'text'))).toBe('text');
		expect(said).toEqual([
			`The encryption key ${file} is empty or damaged. Restore it from a backup. The server starts without it, because IMMICH_AUTH_SECRET is set.`
		]);
		await expect(open(null)).rejects.toThrow(/is empty or damaged/);
	});

	it('needs no readable file', async () => {
		await rm(folder, { recursive: true });
		await writeFile(folder, '');
		const vault = await open(given);
		expect(vault.open('x', vault.seal('x', 'text'))).toBe('text');
	});

	it.each([
		['20200101_immich_mirror', true],
		['20200101_immichXmirror', false],
		['20200101_mirror_more', false]
	])('takes %s for a mirror of Immich’s tables: %s', async (name, isShared) => {
		await database.pool.query(
			`INSERT INTO immich_auth."_prisma_migrations" ("id", "checksum", "migration_name", "applied_steps_count")
			VALUES ($1, '', $1, 0)`,
			[name]
		);
		try {
			expect((await keys.read()).isShared).toBe(isShared);
		} finally {
			await database.pool.query('DELETE FROM immich_auth."_prisma_migrations" WHERE "id" = $1', [name]);
		}
	});
});
