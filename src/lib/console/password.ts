/** bcrypt reads no further; a longer password would be cut in silence. */
export const maxPasswordBytes = 72;

/** Neither look-alikes (0 O, 1 l I) nor characters that keyboards place differently. */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

export type Strength = 'tooShort' | 'fair' | 'good' | 'strong';

export const countBytes = (text: string): number => new TextEncoder().encode(text).length;

/** Judges by length alone: rules about kinds of characters make passwords worse. */
export function strengthOf(password: string, minLength: number): Strength {
	const { length } = [...password];
	if (length < minLength) return 'tooShort';
	if (length < 12) return 'fair';
	return length < 16 ? 'good' : 'strong';
}

/** Makes a password of 20 characters, some 116 bits; works on plain http pages too. */
export function generatePassword(length = 20): string {
	const limit = 256 - (256 % alphabet.length);
	let password = '';
	while (password.length < length) {
		for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
			// Bytes past the last whole multiple would make some characters likelier than others.
			if (byte < limit && password.length < length) password += alphabet.charAt(byte % alphabet.length);
		}
	}
	return password;
}
