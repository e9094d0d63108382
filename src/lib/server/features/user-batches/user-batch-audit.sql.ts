import type { AuditAction } from '#lib/contract/audit/audit.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';

/** Who ordered a batch, and from where, as recorded when it was started: whoever works on it later knows neither. */
const startOf = (batchId: string): Prisma.Sql => Prisma.sql`start AS MATERIALIZED (
	SELECT "actorId", "actorName", "actorEmail", "credentialKind", "credentialId", "address", "client", "correlationId"
	FROM immich_auth.audit_event WHERE "action" = 'batch.start' AND "objectId" = ${batchId}::uuid
	ORDER BY "at" DESC LIMIT 1
)`;

/**
 * Makes parts of a statement that record what it does to each account. `changed` is what they come from: rows with `id`,
 * `name`, `email` and whatever `changes` looks at.
 */
export const recordEach = (
	batchId: string,
	action: AuditAction,
	changes: Prisma.Sql,
	changed: Prisma.Sql
): Prisma.Sql =>
	Prisma.sql`, ${startOf(batchId)}, recorded AS (
		INSERT INTO immich_auth.audit_event ("action", "actorId", "actorName", "actorEmail", "subjectId", "subjectName",
			"subjectEmail", "credentialKind", "credentialId", "address", "client", "correlationId", "batchId", "changes")
		SELECT ${action}, start."actorId", start."actorName", start."actorEmail", account."id", left(account."name", 500),
			account."email", start."credentialKind", start."credentialId", start."address", start."client",
			start."correlationId", ${batchId}::uuid, ${changes}
		FROM ${changed} LEFT JOIN start ON TRUE
	)`;
