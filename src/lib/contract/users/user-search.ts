import { z } from 'zod';

/** The query parameter with which pages look for users; an invalid value finds none. */
export const UserSearchQuery = z.object({
	search: z
		.string()
		.trim()
		.max(100)
		.refine((text) => text.isWellFormed() && !text.includes('\0'))
		.catch('')
		.default('')
});
