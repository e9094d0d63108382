import type { SessionDto } from '#lib/contract/session.ts';
import type { SessionRow } from '../repositories/session.repository.ts';

/** What is shown of a session; `expiresAt` is absent where it has none. */
export const toSessionDto = ({ userId: _, expiresAt, ...row }: SessionRow, currentId: string | null): SessionDto => ({
	...row,
	createdAt: row.createdAt.toISOString(),
	updatedAt: row.updatedAt.toISOString(),
	...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
	current: row.id === currentId
});
