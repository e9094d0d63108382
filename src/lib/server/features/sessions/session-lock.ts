import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { SessionRepositories } from './repositories.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';

/** Locks an elevated session of the caller; does nothing and records nothing if it is already locked. */
export async function lockSession(
	{ sessions, audit }: SessionRepositories & AuditRepositories,
	auth: Auth,
	id: string
): Promise<void> {
	if (!(await sessions.setPinExpiry(id, null))) return;
	await audit.record(buildAuditEntry(auth, { action: 'session.lock', object: { kind: 'session', id } }));
}
