import type { AuditAction } from '#lib/contract/audit/audit.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';

/** The audit event of the start: background work no longer knows the caller or their client info. */
const buildStart = (batchId: string): Prisma.Sql => Prisma.sql`start AS MATERIALIZED (
	SELECT "actorId", "actorName", "actorEmail", "credentialKind", "credentialId", "address", "client", "correlationId"
	FROM immich_auth.audit_event WHERE "action" = 'batch.start' AND "objectId" = ${batchId}::uuid
	ORDER BY "at" DESC LIMIT 1
)`;

/**
 * Returns the CTEs that record the change of each user. `changed` is their source: rows with `id`, `name`, `email` and the
 * columns `changes` reads.
 */
export const recordEach = (
	batchId: string,
	action: AuditAction,
	changes: Prisma.Sql,
	changed: Prisma.Sql
): Prisma.Sql =>
	Prisma.sql`, ${buildStart(batchId)}, recorded AS (
		INSERT INTO immich_auth.audit_event ("action", "actorId", "actorName", "actorEmail", "subjectId", "subjectName",
			"subjectEmail", "credentialKind", "credentialId", "address", "client", "correlationId", "batchId", "changes")
		SELECT ${action}, start."actorId", start."actorName", start."actorEmail", account."id", left(account."name", 500),
			account."email", start."credentialKind", start."credentialId", start."address", start."client",
			start."correlationId", ${batchId}::uuid, ${changes}
		FROM ${changed} LEFT JOIN start ON TRUE
	)`;
