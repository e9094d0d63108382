import { randomBytes } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { z } from 'zod';

const sealingAlgorithm = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM' } as const;
const JsonWebKey = z.looseObject({ kty: z.string() });
const wrappingAlgorithm = { alg: 'dir', enc: 'A256GCM' } as const;

/** Keys for encrypting text so that only one user can read it, and no one with access to the database. */
export interface SealingKeys {
	/** Public key; encrypts. */
	readonly sealingKey: JWK;
	/** The private key, itself encrypted with the download key. */
	readonly openingKey: string;
	/** Held by one browser and stored nowhere. */
	readonly downloadKey: string;
}

/** Creates a key pair whose private key also requires `downloadKey` (RFC 7516 with ECDH-ES, RFC 7518 §4.6). */
export async function createSealingKeys(): Promise<SealingKeys> {
	const { publicKey, privateKey } = await generateKeyPair(sealingAlgorithm.alg, { crv: 'X25519', extractable: true });
	const downloadKey = randomBytes(32);
	const openingKey = await new CompactEncrypt(Buffer.from(JSON.stringify(await exportJWK(privateKey))))
		.setProtectedHeader(wrappingAlgorithm)
		.encrypt(downloadKey);
	return { sealingKey: await exportJWK(publicKey), openingKey, downloadKey: downloadKey.toString('base64url') };
}

/** Returns a function that encrypts text for the holder of the download key. */
export async function createSealer(sealingKey: JWK): Promise<(text: string) => Promise<string>> {
	const key = await importJWK(sealingKey, sealingAlgorithm.alg);
	return (text) => new CompactEncrypt(Buffer.from(text)).setProtectedHeader(sealingAlgorithm).encrypt(key);
}

/** Returns a function that decrypts text; null if the download key is wrong. */
export async function createOpener(
	openingKey: string,
	downloadKey: string
): Promise<((sealed: string) => Promise<string>) | null> {
	try {
		const { plaintext } = await compactDecrypt(openingKey, Buffer.from(downloadKey, 'base64url'));
		const key = await importJWK(JsonWebKey.parse(JSON.parse(Buffer.from(plaintext).toString())), sealingAlgorithm.alg);
		return async (sealed) => Buffer.from((await compactDecrypt(sealed, key)).plaintext).toString();
	} catch {
		return null;
	}
}
