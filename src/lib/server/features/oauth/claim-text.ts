import { z } from 'zod';

/** OpenID Connect Core §2 allows no longer subject. */
const maxCharacters = 255;

/**
 * A name that a provider gives to somebody or something, as the database can keep it apart from all others: halves of
 * surrogate pairs would all become the same letter there.
 */
export const claimText = z
	.string()
	.min(1)
	.max(maxCharacters)
	.refine((text) => text.isWellFormed() && !text.includes('\0'));
