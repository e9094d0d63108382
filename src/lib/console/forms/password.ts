/** bcrypt reads no more than this; a longer password would be silently truncated. */
export const maxPasswordBytes = 72;

export type Strength = 'tooShort' | 'tooLong' | 'fair' | 'good' | 'strong';

export const countBytes = (text: string): number => new TextEncoder().encode(text).length;

/** Rates length alone: composition rules make passwords worse. */
export function getPasswordStrength(password: string, minLength: number): Strength {
	const { length } = [...password];
	if (countBytes(password) > maxPasswordBytes) return 'tooLong';
	if (length < minLength) return 'tooShort';
	if (length < 12) return 'fair';
	return length < 16 ? 'good' : 'strong';
}
