import type { AuditAction, RecordedChanges } from '#lib/contract/audit.ts';
import type { Auth } from '../auth/auth.ts';
import { recordedOrigin } from '../auth/origin.ts';
import type { NamedPerson, NewAuditEvent, RecordedObject } from '../repositories/audit.repository.ts';

interface Entry {
	readonly action: AuditAction;
	/** Whose account it is about, where that is not the caller's own. */
	readonly subject?: NamedPerson | null;
	readonly object?: RecordedObject;
	/** Why it was refused; absent for what was done. */
	readonly refused?: string;
	readonly changes?: RecordedChanges | null;
}

const named = ({ id, name, email }: NamedPerson): NamedPerson => ({ id, name, email });

/** Makes of what a caller does an event to be recorded: `audit.record(entryOf(auth, { action: 'apiKey.delete', … }))`. */
export function entryOf(auth: Auth, { action, subject = auth.user, object, refused, changes }: Entry): NewAuditEvent {
	const { credential } = auth;
	return {
		action,
		...(refused !== undefined && { outcome: 'refused', reason: refused }),
		actor: named(auth.user),
		subject: subject && named(subject),
		...(object && { object }),
		credential:
			credential.kind === 'session'
				? { kind: 'session', id: credential.sessionId }
				: { kind: 'apiKey', id: credential.keyId },
		origin: recordedOrigin(auth.origin),
		...(changes && { changes })
	};
}
