import type { AuditAction, RecordedChanges } from '#lib/contract/audit/audit.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { toRecordedClientInfo } from '#lib/server/platform/caller/client-info.ts';
import type { NamedUser, NewAuditEvent, RecordedObject } from './audit.repository.ts';

interface Entry {
	readonly action: AuditAction;
	/** The affected user, if not the caller. */
	readonly subject?: NamedUser | null;
	readonly object?: RecordedObject;
	/** Why it was refused; absent for what was done. */
	readonly refused?: string;
	readonly changes?: RecordedChanges | null;
}

const named = ({ id, name, email }: NamedUser): NamedUser => ({ id, name, email });

function recordedCredential(credential: Auth['credential']): NewAuditEvent['credential'] {
	switch (credential.kind) {
		case 'session':
			return { kind: 'session', id: credential.sessionId };
		case 'apiKey':
			return { kind: 'apiKey', id: credential.keyId };
		case 'maintenance':
			return { kind: 'maintenance', id: null };
	}
}

/** Creates the audit event of a caller's action: `audit.record(buildAuditEntry(auth, { action: 'apiKey.delete', … }))`. */
export function buildAuditEntry(
	auth: Auth,
	{ action, subject = auth.user, object, refused, changes }: Entry
): NewAuditEvent {
	const { credential } = auth;
	return {
		action,
		...(refused !== undefined && { outcome: 'refused', reason: refused }),
		actor: credential.kind === 'maintenance' ? { id: null, name: auth.user.name, email: null } : named(auth.user),
		subject: subject && named(subject),
		...(object && { object }),
		credential: recordedCredential(credential),
		clientInfo: toRecordedClientInfo(auth.clientInfo),
		...(changes && { changes })
	};
}
