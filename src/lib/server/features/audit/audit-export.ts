import type { AuditEvent } from '#lib/contract/audit/audit.ts';
import type { SentFile } from '#lib/contract/operation.ts';
import { csvFile } from '#lib/server/platform/files/csv-file.ts';
import { jsonFile } from '#lib/server/platform/files/json-file.ts';

const header = [
	'id',
	'at',
	'action',
	'outcome',
	'reason',
	'actorId',
	'actorName',
	'actorEmail',
	'subjectId',
	'subjectName',
	'subjectEmail',
	'objectKind',
	'objectId',
	'objectLabel',
	'credentialKind',
	'credentialId',
	'address',
	'client',
	'correlationId',
	'batchId',
	'changes'
];

const toCells = ({ actor, subject, object, credential, changes, ...event }: AuditEvent) => [
	event.id,
	event.at,
	event.action,
	event.outcome,
	event.reason,
	actor?.id ?? null,
	actor?.name ?? null,
	actor?.email ?? null,
	subject?.id ?? null,
	subject?.name ?? null,
	subject?.email ?? null,
	object?.kind ?? null,
	object?.id ?? null,
	object?.label ?? null,
	credential?.kind ?? null,
	credential?.id ?? null,
	event.address,
	event.client,
	event.correlationId,
	event.batchId,
	changes && JSON.stringify(changes)
];

async function* toRows(batches: AsyncIterable<readonly AuditEvent[]>) {
	for await (const batch of batches) yield batch.map(toCells);
}

/** Returns a file of events. */
export const buildAuditExport = (format: 'csv' | 'json', batches: AsyncIterable<readonly AuditEvent[]>): SentFile =>
	format === 'csv' ? csvFile('audit-events', header, toRows(batches)) : jsonFile('audit-events', batches);
