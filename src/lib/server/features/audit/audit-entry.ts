import type { AuditAction, RecordedChanges } from '#lib/contract/audit/audit.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { toRecordedClientInfo } from '#lib/server/platform/caller/client-info.ts';
import type { NamedUser, NewAuditEvent, RecordedActor, RecordedObject } from './audit.repository.ts';

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
		case 'sharedLink':
			return { kind: 'sharedLink', id: credential.linkId };
		case 'maintenance':
		case 'commandLine':
			return { kind: credential.kind, id: null };
	}
}

/** Without an ID where only a name was proven; the visitor of a shared link is unknown. */
function toActor({ credential, user }: Auth): RecordedActor {
	if (credential.kind === 'sharedLink') return { id: null, name: 'A shared link', email: null };
	if (credential.kind === 'maintenance' || credential.kind === 'commandLine')
		return { id: null, name: user.name, email: null };
	return named(user);
}

/** Creates the audit event of a caller's action: `audit.record(buildAuditEntry(auth, { action: 'apiKey.delete', … }))`. */
export function buildAuditEntry(
	auth: Auth,
	{ action, subject = auth.user, object, refused, changes }: Entry
): NewAuditEvent {
	return {
		action,
		...(refused !== undefined && { outcome: 'refused', reason: refused }),
		actor: toActor(auth),
		subject: subject && named(subject),
		...(object && { object }),
		credential: recordedCredential(auth.credential),
		clientInfo: toRecordedClientInfo(auth.clientInfo),
		...(changes && { changes })
	};
}
