import { createHmac } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import type { JsonObject } from '#lib/contract/settings/document/sparse-document.ts';

const sealing = { alg: 'dir', enc: 'A256GCM' } as const;

/** Names states of settings, and carries secrets through a page, by a key that no browser has. */
export class SettingsKey {
	readonly #key: Uint8Array;

	constructor(key: Uint8Array) {
		this.#key = key;
	}

	/** Names what a document holds, the same on every instance. Keyed, because a plain hash would let secrets be guessed at. */
	versionOf(document: JsonObject): string {
		return this.#mac(JSON.stringify(document)).toString('base64url').slice(0, 22);
	}

	/** Seals what was typed as a secret, so that a page can ask whether to save it without showing it (RFC 7516). */
	seal(text: string): Promise<string> {
		return new CompactEncrypt(Buffer.from(text)).setProtectedHeader(sealing).encrypt(this.#mac('sealed text'));
	}

	/** Gives null for what was not sealed here. */
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
