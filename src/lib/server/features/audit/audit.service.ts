import { z } from 'zod';
import {
	AuditEventDto,
	auditPageSize,
	type AuditEvent,
	type AuditFilter,
	type AuditPage,
	type AuditUser,
	type AuditPageQuery
} from '#lib/contract/audit/audit.ts';
import type { SentFile } from '#lib/contract/operation.ts';
import type { AuditRow } from './audit.repository.ts';
import type { AuditStore } from './repositories.ts';
import { requireCursor, timeOrder, writeCursor, type Place } from '#lib/server/platform/paging/cursor.ts';
import { keysetPage, pageStart, toPosition } from '#lib/server/platform/paging/keyset-page.ts';
import { buildAuditExport } from './audit-export.ts';
import { toAuditFilter } from './audit-filter.ts';

/** The page counts up to this number; beyond it, it shows ‘more than’. */
const countLimit = 1_000;
/** The number of events shown on a user's page. */
const recentCount = 8;
/** Reading a batch from the driver blocks the event loop for one turn. */
const exportBatchSize = 500;
const newestFirst = { isDescending: true };
/** Sorted by time; IDs are numbers. */
const eventOrder = { value: timeOrder.value, id: z.string().regex(/^\d{1,18}$/) };

/** The audit log for admins: filtered, newest first, paginated by keyset. */
export class AuditService {
	readonly #store: AuditStore;

	constructor(store: AuditStore) {
		this.#store = store;
	}

	/**
	 * Lists events, newest first; `next` is the cursor of the following page, null on the last one.
	 * @throws {AppError} 400 if the cursor is invalid
	 */
	async list(
		filter: AuditFilter,
		cursor: string | undefined,
		limit: number
	): Promise<{ events: AuditEvent[]; next: string | null }> {
		// One extra row shows whether there is another page.
		const found = await this.#store.audit.list(filter, newestFirst, limit + 1, requireCursor(cursor, eventOrder));
		const rows = found.slice(0, limit);
		const last = rows.at(-1);
		return { events: rows.map(toDto), next: last && found.length > limit ? writeCursor(toPosition(last), null) : null };
	}

	/** Reads the page that the query selects. */
	async page(query: AuditPageQuery): Promise<AuditPage> {
		const filter = toAuditFilter(query);
		if (!filter) return { events: [], total: 0, isTotalExact: true, offset: 0, next: null, previous: null };
		const { audit } = this.#store;
		const start = pageStart(query, eventOrder);
		const [counted, found] = await Promise.all([
			audit.count(filter, countLimit + 1),
			audit.list(filter, { isDescending: !start.isBackward }, auditPageSize + 1, start.place)
		]);
		const isTotalExact = counted <= countLimit;
		const total = isTotalExact ? counted : countLimit;
		const { rows, ...page } = keysetPage(start, { found, size: auditPageSize, total, isTotalExact });
		return { events: rows.map(toDto), isTotalExact, ...page };
	}

	/** Reads the newest events by or about a user. */
	async recent(userId: string): Promise<AuditEvent[]> {
		return (await this.#store.audit.list({ user: userId }, newestFirst, recentCount)).map(toDto);
	}

	/** Returns a user's current name and email, or for a removed user the last ones recorded. */
	async findName(id: string): Promise<AuditUser> {
		const found = await this.#store.users.find(id, { isDeletedShown: true });
		if (found) return { id, name: found.name, email: found.email };
		const [event] = await this.recent(id);
		const last = [event?.subject, event?.actor].find((userId) => userId?.id === id);
		return { id, name: last?.name ?? null, email: last?.email ?? null };
	}

	/** Returns which users of these events still exist. */
	listExisting(events: readonly AuditEvent[]): Promise<string[]> {
		const ids = events.flatMap(({ actor, subject }) => [actor?.id, subject?.id]).filter((id) => typeof id === 'string');
		return this.#store.users.listExisting([...new Set(ids)]);
	}

	/** Returns a file of all matches, newest first. */
	export(format: 'csv' | 'json', filter: AuditFilter): SentFile {
		return buildAuditExport(format, this.#batches(filter));
	}

	async *#batches(filter: AuditFilter): AsyncGenerator<readonly AuditEvent[]> {
		let place: Place | undefined;
		do {
			const rows = await this.#store.audit.list(filter, newestFirst, exportBatchSize, place);
			yield rows.map(toDto);
			const last = rows.at(-1);
			place = last && rows.length === exportBatchSize ? toPosition(last) : undefined;
		} while (place);
	}
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
