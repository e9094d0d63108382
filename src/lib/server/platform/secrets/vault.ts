import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scryptSync } from 'node:crypto';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/** Marks a stored text as encrypted; anything else is plain text. */
const sealedPrefix = 'immich-auth:sealed:';

/** Whether a stored text is encrypted. */
export const isSealed = (text: string): boolean => text.startsWith(sealedPrefix);

/** Encrypts with AES-256-GCM. `context` is authenticated, so that a value can't be moved elsewhere. */
export function encrypt(key: Uint8Array, context: string, plain: Uint8Array): Uint8Array<ArrayBuffer> {
	const iv = randomBytes(ivBytes);
	const encryption = createCipheriv(cipher, key, iv).setAAD(Buffer.from(context));
	const encrypted = Buffer.concat([encryption.update(plain), encryption.final()]);
	return Uint8Array.from(Buffer.concat([iv, encryption.getAuthTag(), encrypted]));
}

/** Returns null if the key or context differs from encryption, or the bytes were modified. */
export function decrypt(key: Uint8Array, context: string, sealed: Uint8Array): Uint8Array<ArrayBuffer> | null {
	if (sealed.length < ivBytes + tagBytes) return null;
	const iv = sealed.subarray(0, ivBytes);
	const tag = sealed.subarray(ivBytes, ivBytes + tagBytes);
	try {
		const decryption = createDecipheriv(cipher, key, iv, { authTagLength: tagBytes })
			.setAAD(Buffer.from(context))
			.setAuthTag(tag);
		const plain = Buffer.concat([decryption.update(sealed.subarray(ivBytes + tagBytes)), decryption.final()]);
		return Uint8Array.from(plain);
	} catch {
		return null;
	}
}

/** Derives the key that protects the data key. scrypt slows down guessing of a secret chosen by a human. */
export const masterKeyFrom = (secret: string): Uint8Array =>
	scryptSync(secret, 'immich-auth encryption key', keyBytes, { N: 16_384, r: 8, p: 1 });

/** The initial data key of a master key. Derived, so that losing its database row loses nothing. */
export const deriveFirstDataKey = (masterKey: Uint8Array): Uint8Array =>
	new Uint8Array(hkdfSync('sha256', masterKey, '', 'immich-auth data key', keyBytes));

interface Options {
	/** Immich uses the same database and reads its own tables, so nothing in them may be encrypted. */
	readonly isShared?: boolean;
	/** Called when a stored value can't be decrypted. */
	readonly onUnreadable?: (context: string) => void;
}

/** Encrypts database values with a key that is not stored there: docs/decisions/025. */
export class Vault {
	readonly isShared: boolean;
	readonly #key: Uint8Array;
	readonly #onUnreadable: (context: string) => void;
	/** Settings are reread every few seconds; each secret is reported once. */
	readonly #reported = new Set<string>();

	constructor(dataKey: Uint8Array, { isShared = false, onUnreadable = () => undefined }: Options = {}) {
		this.#key = dataKey;
		this.isShared = isShared;
		this.#onUnreadable = onUnreadable;
	}

	/** Encrypts a text. `context` names its place and must be the same to decrypt it. */
	seal(context: string, text: string): string {
		return sealedPrefix + Buffer.from(encrypt(this.#key, context, Buffer.from(text))).toString('base64url');
	}

	/** Returns unencrypted text unchanged, and null for text that can't be decrypted. */
	open(context: string, text: string): string | null {
		if (!isSealed(text)) return text;
		const plain = this.openBytes(context, Buffer.from(text.slice(sealedPrefix.length), 'base64url'));
		return plain && Buffer.from(plain).toString();
	}

	/** For a column of Immich's tables: text stays plain while Immich reads it too. */
	sealInMirror(context: string, text: string): string {
		return this.isShared ? text : this.seal(context, text);
	}

	/** Encrypts bytes that only `openBytes` with the same context decrypts. */
	sealBytes(context: string, plain: Uint8Array): Uint8Array<ArrayBuffer> {
		return encrypt(this.#key, context, plain);
	}

	/** Returns null for bytes that can't be decrypted. */
	openBytes(context: string, sealed: Uint8Array): Uint8Array<ArrayBuffer> | null {
		const plain = decrypt(this.#key, context, sealed);
		if (!plain && !this.#reported.has(context)) {
			this.#reported.add(context);
			this.#onUnreadable(context);
		}
		return plain;
	}
}
