export {
	accountChanges,
	endedChanges,
	initialFields,
	preferenceChanges,
	recordUpdate,
	removedChanges
} from './account-changes.ts';
export { entryOf } from './audit-entry.ts';
export { AuditRepository, type NamedPerson, type NewAuditEvent, type RecordedOrigin } from './audit.repository.ts';
export { AuditService } from './audit.service.ts';
export { type AuditRepositories, auditRepositories } from './repositories.ts';
