export { createAudit } from './feature.ts';
export {
	accountChanges,
	endedChanges,
	initialFields,
	preferenceChanges,
	recordUpdate,
	removedChanges
} from './account-changes.ts';
export { entryOf } from './audit-entry.ts';
export type { AuditRepository, NamedPerson, NewAuditEvent, RecordedOrigin } from './audit.repository.ts';
export { type AuditRepositories, auditRepositories } from './repositories.ts';
