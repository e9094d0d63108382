import { mkdtemp, readFile, rm, stat, writeFile, chmod } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSecretEnv } from '#lib/server/platform/config/secret-env.ts';
import { makeKeyFile, readKeyFile } from '#lib/server/platform/secrets/master-key.ts';
import { decrypt, encrypt, deriveFirstDataKey, masterKeyFrom, Vault } from '#lib/server/platform/secrets/vault.ts';

const key = deriveFirstDataKey(masterKeyFrom('a secret of sixteen or more'));
const vault = new Vault(key);

describe('sealed text', () => {
	it('opens only in its own context', () => {
		const sealed = vault.seal('system a.b', 'Geheim ü');
		expect(sealed).toMatch(/^immich-auth:sealed:[\w-]+$/);
		expect(sealed).not.toBe(vault.seal('system a.b', 'Geheim ü'));
		expect(vault.open('system a.b', sealed)).toBe('Geheim ü');
		expect(vault.open('system a.c', sealed)).toBeNull();
	});

	it('does not open with another key or a flipped bit, and reports it', () => {
		const unreadable: string[] = [];
		const options = { onUnreadable: (context: string) => void unreadable.push(context) };
		const other = new Vault(deriveFirstDataKey(masterKeyFrom('another secret of sixteen')), options);
		for (let reading = 0; reading < 3; reading++) expect(other.open('x', vault.seal('x', 'text'))).toBeNull();
		expect(other.open('y', vault.seal('y', 'text'))).toBeNull();
		// Settings are read repeatedly.
		expect(unreadable).toEqual(['x', 'y']);
		const bytes = encrypt(key, 'x', Buffer.from('text'));
		for (let at = 0; at < bytes.length; at += 1) {
			const changed = Uint8Array.from(bytes);
			changed[at] = (changed[at] ?? 0) ^ 1;
			expect(decrypt(key, 'x', changed)).toBeNull();
		}
		for (const length of [0, 11, 12, 27]) expect(decrypt(key, 'x', bytes.subarray(0, length))).toBeNull();
	});

	it('leaves plain text unchanged, and writes plain text if Immich reads it', () => {
		expect(vault.open('x', 'plain')).toBe('plain');
		const shared = new Vault(key, { isShared: true });
		expect(shared.sealInMirror('x', 'plain')).toBe('plain');
		expect(shared.open('x', shared.seal('x', 'ours'))).toBe('ours');
		expect(vault.sealInMirror('x', 'plain')).not.toContain('plain');
	});
});

describe('the key file', () => {
	let folder = '';
	const said: string[] = [];
	const say = (line: string) => void said.push(line);
	beforeEach(async () => {
		folder = await mkdtemp(path.join(os.tmpdir(), 'immich-auth-key-'));
		said.length = 0;
	});
	afterEach(() => rm(folder, { recursive: true }));

	it('is created once, private, by any number of concurrent processes', async () => {
		const inside = path.join(folder, 'data');
		expect(await readKeyFile(inside, say)).toBeNull();
		const made = await Promise.all(Array.from({ length: 8 }, () => makeKeyFile(inside, say)));
		expect(new Set(made.map(({ key }) => Buffer.from(key).toString('hex'))).size).toBe(1);
		const file = path.join(inside, 'secret.key');
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect(Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url')).toHaveLength(32);
		expect(said).toEqual([]);
	});

	it.each([0o644, 0o660, 0o604, 0o777])('is made private again from mode %o', async (mode) => {
		await makeKeyFile(folder, say);
		const file = path.join(folder, 'secret.key');
		await chmod(file, mode);
		await readKeyFile(folder, say);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect(said).toEqual([`Other users could read the encryption key ${file}; its mode is now 600.`]);
	});

	it.each(['', '\n', 'short', '   '.repeat(20)])('is refused if it contains %j', async (content) => {
		await writeFile(path.join(folder, 'secret.key'), content, { mode: 0o600 });
		await expect(readKeyFile(folder, say)).rejects.toThrow(/secret\.key is empty or damaged\. Restore it/);
	});

	it('is refused if it cannot be read', async () => {
		await expect(readKeyFile(path.join(folder, 'a\0b'), say)).rejects.toThrow(/cannot be read \(\w+\)/);
	});
});

describe('the environment', () => {
	const long = 'x'.repeat(16);

	it('provides the current and the previous key, from variables or files', async () => {
		expect(readSecretEnv({})).toEqual({ current: null, previous: null });
		const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'immich-auth-key-')), 'secret');
		await writeFile(file, `${long}\r\n`);
		expect(readSecretEnv({ IMMICH_AUTH_SECRET_FILE: file, IMMICH_AUTH_SECRET_PREVIOUS: ` ${long}y` })).toEqual({
			current: { source: 'IMMICH_AUTH_SECRET_FILE', text: long },
			previous: { source: 'IMMICH_AUTH_SECRET_PREVIOUS', text: `${long}y` }
		});
		await rm(path.dirname(file), { recursive: true });
	});

	it.each([
		[{ IMMICH_AUTH_SECRET: 'short' }, /^IMMICH_AUTH_SECRET: has fewer than 16 characters/],
		[{ IMMICH_AUTH_SECRET: ' '.repeat(40) }, /^IMMICH_AUTH_SECRET: has fewer than 16/],
		[{ IMMICH_AUTH_SECRET_PREVIOUS: 'short' }, /^IMMICH_AUTH_SECRET_PREVIOUS: has fewer/],
		[{ IMMICH_AUTH_SECRET: long, IMMICH_AUTH_SECRET_FILE: '/x' }, /^IMMICH_AUTH_SECRET: is given twice/],
		[{ IMMICH_AUTH_SECRET_FILE: '/nowhere/at/all' }, /^IMMICH_AUTH_SECRET_FILE: \/nowhere\/at\/all cannot be read/],
		[{ IMMICH_AUTH_SECRET_FILE: '/dev/null' }, /^IMMICH_AUTH_SECRET_FILE: has fewer than 16/]
	])('refuses %o', (source, reason) => {
		expect(() => readSecretEnv(source)).toThrow(reason);
	});
});
