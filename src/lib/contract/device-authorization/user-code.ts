/** Consonants without Y that can't be confused and spell no words. Source: RFC 8628 §6.1. */
export const userCodeAlphabet = 'BCDFGHJKLMNPQRSTVWXZ';
export const userCodeLength = 8;
/** The most that a form accepts: a code with spaces and dashes in between. */
export const maxTypedCodeCharacters = 40;

const pattern = new RegExp(`^[${userCodeAlphabet}]{${userCodeLength}}$`);

/** Reads a code as a user types it, in any case and with any spaces, dashes and other punctuation; null if it is none. */
export function readUserCode(typed: string): string | null {
	if (typed.length > maxTypedCodeCharacters) return null;
	const code = typed.toUpperCase().replaceAll(/[\s\p{P}]/gu, '');
	return pattern.test(code) ? code : null;
}

/** Shows a code in two halves: `BCDF-GHJK`. */
export const formatUserCode = (code: string): string =>
	`${code.slice(0, userCodeLength / 2)}-${code.slice(userCodeLength / 2)}`;
