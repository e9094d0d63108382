import { randomBytes } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { z } from 'zod';

const sealingAlgorithm = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM' } as const;
const JsonWebKey = z.looseObject({ kty: z.string() });
const wrappingAlgorithm = { alg: 'dir', enc: 'A256GCM' } as const;

/** What is needed to write sealed texts that only one person can read, and keeps them from whoever reads the database. */
export interface SealingKeys {
	/** Public; seals. */
	readonly sealingKey: JWK;
	/** The private key, itself sealed with the pickup key. */
	readonly openingKey: string;
	/** Held by one browser and stored nowhere. */
	readonly pickupKey: string;
}

/** Makes a pair of keys, of which the opening one needs `pickupKey` too (RFC 7516 with ECDH-ES, RFC 7518 §4.6). */
export async function createSealingKeys(): Promise<SealingKeys> {
	const { publicKey, privateKey } = await generateKeyPair(sealingAlgorithm.alg, { crv: 'X25519', extractable: true });
	const pickupKey = randomBytes(32);
	const openingKey = await new CompactEncrypt(Buffer.from(JSON.stringify(await exportJWK(privateKey))))
		.setProtectedHeader(wrappingAlgorithm)
		.encrypt(pickupKey);
	return { sealingKey: await exportJWK(publicKey), openingKey, pickupKey: pickupKey.toString('base64url') };
}

/** Makes the function that seals texts for whoever holds the pickup key. */
export async function createSealer(sealingKey: JWK): Promise<(text: string) => Promise<string>> {
	const key = await importJWK(sealingKey, sealingAlgorithm.alg);
	return (text) => new CompactEncrypt(Buffer.from(text)).setProtectedHeader(sealingAlgorithm).encrypt(key);
}

/** Makes the function that opens sealed texts; null where the pickup key is not the one. */
export async function createOpener(
	openingKey: string,
	pickupKey: string
): Promise<((sealed: string) => Promise<string>) | null> {
	try {
		const { plaintext } = await compactDecrypt(openingKey, Buffer.from(pickupKey, 'base64url'));
		const key = await importJWK(JsonWebKey.parse(JSON.parse(Buffer.from(plaintext).toString())), sealingAlgorithm.alg);
		return async (sealed) => Buffer.from((await compactDecrypt(sealed, key)).plaintext).toString();
	} catch {
		return null;
	}
}
