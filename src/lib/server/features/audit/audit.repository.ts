import {
	recordedFields,
	type AuditAction,
	type AuditFilter,
	type AuditObjectKind,
	type AuditOutcome,
	type RecordedChange,
	type RecordedChanges,
	type RecordedValue
} from '#lib/contract/audit/audit.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Place } from '#lib/server/platform/paging/cursor.ts';
import { buildCountQuery, buildListQuery, type AuditOrder } from './audit-query.sql.ts';
import { isSecretSetting } from '#lib/contract/settings/document/secrets.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

export interface NamedUser {
	readonly id: string;
	readonly name: string;
	readonly email: string;
}

/** Who did something; without an ID if only a name was proven. */
export interface RecordedActor {
	readonly id: string | null;
	readonly name: string;
	readonly email: string | null;
}

/** The client info of an event. */
export interface RecordedClientInfo {
	readonly address: string | null;
	readonly client: string | null;
	/** Null if no request caused it. */
	readonly correlationId: string | null;
}

export interface RecordedObject {
	readonly kind: AuditObjectKind;
	/** Null for an object that only has a name. */
	readonly id: string | null;
	readonly label?: string | undefined;
}

export interface NewAuditEvent {
	readonly action: AuditAction;
	readonly outcome?: AuditOutcome;
	readonly reason?: string | null;
	/** Null for the server itself and for unknown callers. */
	readonly actor: RecordedActor | null;
	readonly subject?: NamedUser | null;
	readonly object?: RecordedObject | null;
	readonly credential:
		| { readonly kind: 'session' | 'apiKey'; readonly id: string }
		| { readonly kind: 'sharedLink'; readonly id: string }
		| { readonly kind: 'maintenance' | 'commandLine'; readonly id: null }
		| null;
	readonly clientInfo: RecordedClientInfo;
	readonly changes?: RecordedChanges | null;
}

/** An event as stored. */
export interface AuditRow {
	readonly id: bigint;
	readonly at: Date;
	/** The same as text with full precision. */
	readonly sortValue: string;
	readonly action: string;
	readonly outcome: AuditOutcome;
	readonly reason: string | null;
	readonly actorId: string | null;
	readonly actorName: string | null;
	readonly actorEmail: string | null;
	readonly subjectId: string | null;
	readonly subjectName: string | null;
	readonly subjectEmail: string | null;
	readonly objectKind: string | null;
	readonly objectId: string | null;
	readonly objectLabel: string | null;
	readonly credentialKind: string | null;
	readonly credentialId: string | null;
	readonly address: string | null;
	readonly client: string | null;
	readonly correlationId: string | null;
	readonly batchId: string | null;
	readonly changes: unknown;
}

/** The changes as stored. */
type StoredChanges = Record<string, { from: StoredValue; to: StoredValue }>;
type StoredValue = string | number | boolean | string[] | null;

const longestText = 500;
const known = new Set<string>(recordedFields);
const clipped = (text: string | null | undefined): string | null => text?.slice(0, longestText) ?? null;

/** Appends to the log and reads it. Nothing here changes or removes events, and the database prevents it as well. */
export class AuditRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Records an event; in a transaction, only if that commits. */
	async record(event: NewAuditEvent): Promise<void> {
		await this.#prisma.auditEvent.create({ data: toColumns(event), select: { id: true } });
	}

	/** Records several events in one statement. */
	async recordAll(events: readonly NewAuditEvent[]): Promise<void> {
		if (events.length > 0) await this.#prisma.auditEvent.createMany({ data: events.map(toColumns) });
	}

	/** Records the same event for each of these users, with its own changes, in one statement. */
	async recordForEach(
		event: NewAuditEvent,
		users: readonly { readonly userId: string; readonly changes: RecordedChanges | null }[]
	): Promise<void> {
		if (users.length === 0) return;
		const common = toColumns(event);
		const each = users.map(({ userId, changes }) => ({ userId, changes: changes && recordable(changes) }));
		await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.audit_event ("action", "outcome", "actorId", "actorName", "actorEmail", "subjectId",
				"subjectName", "subjectEmail", "credentialKind", "credentialId", "address", "client", "correlationId", "changes")
			SELECT ${common.action}, ${common.outcome}, ${common.actorId}::uuid, ${common.actorName}, ${common.actorEmail},
				account."id", left(account."name", ${longestText}::int), account."email", ${common.credentialKind},
				${common.credentialId}::uuid, ${common.address}::inet, ${common.client}, ${common.correlationId}, each."changes"
			FROM jsonb_to_recordset(${JSON.stringify(each)}::jsonb) AS each("userId" uuid, "changes" jsonb)
			JOIN "user" AS account ON account."id" = each."userId"`;
	}

	/** Reads up to `limit` events on one side of a position, in the requested order. */
	list(filter: AuditFilter, order: AuditOrder, limit: number, position?: Place): Promise<AuditRow[]> {
		return this.#prisma.$queryRaw<AuditRow[]>(buildListQuery(filter, order, limit, position));
	}

	/** Counts matches, up to `limit`. */
	async count(filter: AuditFilter, limit: number): Promise<number> {
		const [row] = await this.#prisma.$queryRaw<{ count: bigint }[]>(buildCountQuery(filter, limit));
		return Number(row?.count ?? 0);
	}
}

function toColumns({ action, outcome = 'done', clientInfo, ...event }: NewAuditEvent) {
	const { actor, subject, object, credential } = event;
	const changes = recordable(event.changes ?? {});
	return {
		action,
		outcome,
		reason: clipped(event.reason),
		actorId: actor?.id ?? null,
		actorName: clipped(actor?.name),
		actorEmail: clipped(actor?.email),
		subjectId: subject?.id ?? null,
		subjectName: clipped(subject?.name),
		subjectEmail: clipped(subject?.email),
		objectKind: object?.kind ?? null,
		objectId: object?.id ?? null,
		objectLabel: clipped(object?.label),
		credentialKind: credential?.kind ?? null,
		credentialId: credential?.id ?? null,
		...clientInfo,
		...(changes && { changes })
	};
}

/** Keeps only the fields that may be recorded, whatever the caller's types allow; null if none are left. */
function recordable(changes: RecordedChanges): StoredChanges | null {
	const entries = Object.entries<RecordedChange | undefined>(changes).flatMap(([field, change]) =>
		change && (known.has(field) || /^(preferences|settings)\./.test(field))
			? [[field, storable(field, change)] as const]
			: []
	);
	return entries.length > 0 ? Object.fromEntries(entries) : null;
}

/** For a secret, only the fact that it changed is recorded, whatever the input. */
const storable = (field: string, { from, to }: RecordedChange) =>
	isSecretSetting(field.replace(/^settings\.(security\.)?/, ''))
		? { from: null, to: 'changed' }
		: { from: stored(from), to: stored(to) };

function stored(value: RecordedValue): StoredValue {
	if (Array.isArray(value)) return [...value];
	return typeof value === 'string' ? value.slice(0, longestText) : value;
}
