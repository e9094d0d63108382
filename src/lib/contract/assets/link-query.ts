import { z } from 'zod';

/** Names a shared link; the auth hook has read it. */
export const linkQuery = z.object({ key: z.string().max(1_000).optional(), slug: z.string().max(1_000).optional() });
