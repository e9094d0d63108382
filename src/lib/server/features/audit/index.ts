export { createAudit } from './feature.ts';
export {
	recordedUserChanges,
	endedChanges,
	initialFields,
	preferenceChanges,
	recordUpdate,
	removedChanges
} from './user-changes.ts';
export { buildAuditEntry } from './audit-entry.ts';
export type { AuditRepository, NamedUser, NewAuditEvent, RecordedClientInfo } from './audit.repository.ts';
export { type AuditRepositories, auditRepositories } from './repositories.ts';
