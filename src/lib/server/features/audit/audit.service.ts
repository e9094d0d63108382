import {
	AuditEventDto,
	auditPageSize,
	type AuditEvent,
	type AuditFilter,
	type AuditPage,
	type AuditPerson,
	type AuditPageQuery
} from '#lib/contract/audit/audit.ts';
import type { SentFile } from '#lib/contract/operation.ts';
import type { AuditRow } from './audit.repository.ts';
import type { AuditStore } from './repositories.ts';
import { readAuditCursor, writeAuditCursor } from './audit-cursor.ts';
import { auditExportOf } from './audit-export.ts';
import { auditFilterOf } from './audit-filter.ts';

/** The page counts up to this number; beyond it, it shows ‘more than’. */
const countLimit = 1_000;
/** The number of events shown on a user's page. */
const recentCount = 8;
/** Reading a batch from the driver blocks the event loop for one turn. */
const exportBatchSize = 500;
const newestFirst = { isDescending: true };

/** The audit log for admins: filtered, newest first, paginated by keyset. */
export class AuditService {
	readonly #store: AuditStore;

	constructor(store: AuditStore) {
		this.#store = store;
	}

	async list(
		filter: AuditFilter,
		cursor: string | undefined,
		limit: number
	): Promise<{ events: AuditEvent[]; next: string | null }> {
		// One extra row shows whether there is another page.
		const rows = await this.#store.audit.list(filter, newestFirst, limit + 1, readAuditCursor(cursor));
		const shown = rows.slice(0, limit);
		const last = shown.at(-1);
		return { events: shown.map(toDto), next: last && rows.length > limit ? writeAuditCursor(last, null) : null };
	}

	/** Reads the page that the query selects. */
	async page(query: AuditPageQuery): Promise<AuditPage> {
		const filter = auditFilterOf(query);
		if (!filter) return { events: [], total: 0, isTotalExact: true, offset: 0, next: null, previous: null };
		const { audit } = this.#store;
		const [before, after] = [
			query.before === 'end' ? undefined : readAuditCursor(query.before),
			readAuditCursor(query.after)
		];
		const isBackward = query.before !== undefined;
		const [counted, found] = await Promise.all([
			audit.count(filter, countLimit + 1),
			audit.list(filter, { isDescending: !isBackward }, auditPageSize + 1, isBackward ? before : after)
		]);
		const shown = found.slice(0, auditPageSize);
		if (isBackward) shown.reverse();
		const hasMore = found.length > auditPageSize;
		const hasPrevious = isBackward ? hasMore : after !== undefined;
		const hasNext = isBackward ? before !== undefined : hasMore;
		const isTotalExact = counted <= countLimit;
		const total = isTotalExact ? counted : countLimit;
		const known = isBackward ? offsetBefore(before?.offset, shown.length, isTotalExact ? total : null) : after?.offset;
		const offset = hasPrevious ? (known ?? null) : 0;
		const [first, last] = [shown.at(0), shown.at(-1)];
		return {
			events: shown.map(toDto),
			total,
			isTotalExact,
			offset,
			next: last && hasNext ? writeAuditCursor(last, offset === null ? null : offset + shown.length) : null,
			previous: first && hasPrevious ? writeAuditCursor(first, offset) : null
		};
	}

	/** Reads the newest events by or about a user. */
	async recent(person: string): Promise<AuditEvent[]> {
		return (await this.#store.audit.list({ person }, newestFirst, recentCount)).map(toDto);
	}

	/** Returns a user's current name and email, or for a removed user the last ones recorded. */
	async nameOf(id: string): Promise<AuditPerson> {
		const found = await this.#store.users.find(id, { isDeletedShown: true });
		if (found) return { id, name: found.name, email: found.email };
		const [event] = await this.recent(id);
		const last = [event?.subject, event?.actor].find((person) => person?.id === id);
		return { id, name: last?.name ?? null, email: last?.email ?? null };
	}

	/** Returns which users of these events still exist. */
	listExisting(events: readonly AuditEvent[]): Promise<string[]> {
		const ids = events.flatMap(({ actor, subject }) => [actor?.id, subject?.id]).filter((id) => typeof id === 'string');
		return this.#store.users.listExisting([...new Set(ids)]);
	}

	/** Returns a file of all matches, newest first. */
	export(format: 'csv' | 'json', filter: AuditFilter): SentFile {
		return auditExportOf(format, this.#batches(filter));
	}

	async *#batches(filter: AuditFilter): AsyncGenerator<readonly AuditEvent[]> {
		let last: AuditRow | undefined;
		do {
			const rows = await this.#store.audit.list(filter, newestFirst, exportBatchSize, last);
			yield rows.map(toDto);
			last = rows.length === exportBatchSize ? rows.at(-1) : undefined;
		} while (last);
	}
}

/** The number of events before a page that was reached backwards: from its cursor, or counted from the end. */
function offsetBefore(offset: number | null | undefined, shown: number, total: number | null): number | null {
	if (offset === undefined) return total === null ? null : total - shown;
	return offset === null ? null : Math.max(0, offset - shown);
}

const Changes = AuditEventDto.shape.changes;

const toDto = (row: AuditRow): AuditEvent => ({
	id: Number(row.id),
	at: row.at.toISOString(),
	action: row.action,
	outcome: row.outcome,
	reason: row.reason,
	actor:
		row.actorId === null && row.actorName === null
			? null
			: { id: row.actorId, name: row.actorName, email: row.actorEmail },
	subject: row.subjectId === null ? null : { id: row.subjectId, name: row.subjectName, email: row.subjectEmail },
	object: row.objectKind === null ? null : { kind: row.objectKind, id: row.objectId, label: row.objectLabel },
	credential: row.credentialKind === null ? null : { kind: row.credentialKind, id: row.credentialId },
	address: row.address,
	client: row.client,
	correlationId: row.correlationId,
	batchId: row.batchId,
	changes: Changes.safeParse(row.changes).data ?? null
});
