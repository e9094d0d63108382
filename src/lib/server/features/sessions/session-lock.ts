import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { Repositories } from '#lib/server/app/store.ts';
import { entryOf } from '#lib/server/features/audit/index.ts';

/** Takes what was unlocked by PIN from a session of the caller; one that is locked stays as it is, and nothing is recorded. */
export async function lockSession({ sessions, audit }: Repositories, auth: Auth, id: string): Promise<void> {
	if (!(await sessions.setPinExpiry(id, null))) return;
	await audit.record(entryOf(auth, { action: 'session.lock', object: { kind: 'session', id } }));
}
