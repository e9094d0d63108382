import { createHmac } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import type { JsonObject } from '#lib/contract/settings/document/sparse-document.ts';

const sealing = { alg: 'dir', enc: 'A256GCM' } as const;

/** Computes settings versions, and encrypts secrets sent through a page, with a key no browser has. */
export class SettingsKey {
	readonly #key: Uint8Array;

	constructor(key: Uint8Array) {
		this.#key = key;
	}

	/** The version of a document, the same on all instances. Keyed, since secrets could be guessed from a plain hash. */
	computeVersion(document: JsonObject): string {
		return this.#mac(JSON.stringify(document)).toString('base64url').slice(0, 22);
	}

	/** Encrypts a typed secret, so that a confirmation page can carry it without showing it (RFC 7516). */
	seal(text: string): Promise<string> {
		return new CompactEncrypt(Buffer.from(text)).setProtectedHeader(sealing).encrypt(this.#mac('sealed text'));
	}

	/** Decrypts it; null if it wasn't encrypted here. */
	async open(sealed: string): Promise<string | null> {
		try {
			return Buffer.from((await compactDecrypt(sealed, this.#mac('sealed text'))).plaintext).toString();
		} catch {
			return null;
		}
	}

	#mac(text: string): Buffer {
		return createHmac('sha256', this.#key).update(text).digest();
	}
}
