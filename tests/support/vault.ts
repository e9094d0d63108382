import type { PrismaClient } from '#lib/server/platform/database/database.ts';
import { SettingsRepository, type StoredSettings } from '#lib/server/features/settings/settings.repository.ts';
import { SigningSecretRepository } from '#lib/server/features/settings/signing-secret.repository.ts';
import { deriveFirstDataKey, masterKeyFrom, Vault } from '#lib/server/platform/secrets/vault.ts';

/** The encryption key of every server under test, so that several can share a database. */
export const testSecret = 'the encryption key of every test';

/** Encrypts and decrypts as those servers do. */
export const testVault = new Vault(deriveFirstDataKey(masterKeyFrom(testSecret)));

/** The secret that the servers on a database sign session tokens with. */
export const readSessionSecret = (prisma: PrismaClient): Promise<Uint8Array> =>
	new SigningSecretRepository({ prisma, vault: testVault }).getOrCreate('session');

/** Both stored settings documents, with secrets decrypted. */
export const storedSettings = (prisma: PrismaClient): Promise<StoredSettings> =>
	new SettingsRepository({ prisma, vault: testVault }).read();
