import { z } from 'zod';

/** The maximum length of a subject in OpenID Connect Core §2. */
const maxCharacters = 255;

/**
 * An identifier from a provider, limited to what the database can tell apart: unpaired surrogates would all be stored as the
 * same character.
 */
export const claimText = z
	.string()
	.min(1)
	.max(maxCharacters)
	.refine((text) => text.isWellFormed() && !text.includes('\0'));
