import { storedForms } from '#lib/contract/email.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import { recordEach } from './user-batch-audit.sql.ts';
import { buildCase, type ChunkChange } from './user-batch-changes.sql.ts';
import type { ImmichDatabase } from '#lib/server/platform/database/immich-tables.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** A generated password for one item. */
export interface MadePassword {
	readonly position: number;
	readonly passwordHash: string;
	readonly sealedPassword: string;
}

/** A user to create, with the values generated for it. */
export interface NewUserRow {
	readonly position: number;
	readonly id: string;
	readonly groupId: string;
	readonly email: string;
	readonly name: string;
	readonly isAdmin: boolean;
	readonly storageLabel: string | null;
	readonly quotaSizeInBytes: number | null;
	readonly passwordHash: string | null;
	readonly sealedPassword: string | null;
}

export interface WaitingItem {
	readonly position: number;
	readonly input: unknown;
}

/** The initial fields of a new user, without unset ones. */
const initialFields = Prisma.sql`(
	SELECT jsonb_object_agg("key", jsonb_build_object('from', NULL, 'to', "value"))
	FROM jsonb_each(jsonb_strip_nulls(jsonb_build_object('email', account."email", 'name', left(account."name", 500),
		'isAdmin', nullif(account."isAdmin", FALSE), 'shouldChangePassword', TRUE, 'storageLabel', account."storageLabel",
		'quotaSizeInBytes', account."quotaSizeInBytes"))))`;

/** SQL of the cluster group that each new user gets, where Immich has them; a password that isn't there may be NULL or not. */
function groupSql(immich: ImmichDatabase | null) {
	const password =
		immich?.isPasswordNullable === false ? Prisma.sql`coalesce("passwordHash", '')` : Prisma.sql`"passwordHash"`;
	if (immich?.hasClusterGroups === false)
		return { create: Prisma.empty, column: Prisma.empty, value: Prisma.empty, password };
	const create = immich?.isClusterGroupNamed
		? Prisma.sql`groups AS (INSERT INTO "cluster_group" ("id", "name") SELECT "groupId", "name" FROM chosen),`
		: Prisma.sql`groups AS (INSERT INTO "cluster_group" ("id") SELECT "groupId" FROM chosen),`;
	return { create, column: Prisma.sql`"clusterGroupId",`, value: Prisma.sql`"groupId",`, password };
}

/** Carries out bulk actions, one chunk per statement. */
export class UserBatchWorkRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;
	readonly #immich: ImmichDatabase | null;

	constructor({ prisma, immich = null }: Pick<Connection, 'prisma' | 'immich'>) {
		this.#prisma = prisma;
		this.#immich = immich;
	}

	/** Lists the next waiting items. */
	listWaiting(batchId: string, limit: number): Promise<WaitingItem[]> {
		return this.#prisma.$queryRaw<WaitingItem[]>`
			SELECT "position", "input" FROM immich_auth.user_batch_item
			WHERE "batchId" = ${batchId}::uuid AND "outcome" IS NULL ORDER BY "position" LIMIT ${limit}`;
	}

	/** Changes the users of the next waiting items and records each outcome. Returns the number of items. */
	async changeNext(batchId: string, change: ChunkChange, limit: number): Promise<number> {
		if (change.isLockedFirst)
			await this.#prisma.$executeRaw`
				SELECT 1 FROM "user" WHERE "id" IN (
					SELECT "userId" FROM immich_auth.user_batch_item
					WHERE "batchId" = ${batchId}::uuid AND "outcome" IS NULL ORDER BY "position" LIMIT ${limit}
				) ORDER BY "id" FOR UPDATE`;
		const chunk = Prisma.sql`
			SELECT "position", "userId", NULL::text AS "passwordHash", NULL::text AS "sealedPassword"
			FROM immich_auth.user_batch_item
			WHERE "batchId" = ${batchId}::uuid AND "outcome" IS NULL ORDER BY "position" LIMIT ${limit} FOR UPDATE`;
		return this.#change(batchId, change, chunk);
	}

	/** Does the same for the items that have a generated password. */
	async changeWith(batchId: string, change: ChunkChange, passwords: readonly MadePassword[]): Promise<number> {
		const positions = passwords.map(({ position }) => position);
		// A separate statement, so that the next one sees sessions and keys created under the previous locks.
		await this.#prisma.$executeRaw`
			SELECT 1 FROM "user" WHERE "id" IN (
				SELECT "userId" FROM immich_auth.user_batch_item
				WHERE "batchId" = ${batchId}::uuid AND "position" = ANY(${positions}::int[])
			) ORDER BY "id" FOR UPDATE`;
		const chunk = Prisma.sql`
			SELECT item."position", item."userId", made."passwordHash", made."sealedPassword"
			FROM jsonb_to_recordset(${JSON.stringify(passwords)}::jsonb)
				AS made("position" int, "passwordHash" text, "sealedPassword" text)
			JOIN immich_auth.user_batch_item AS item
				ON item."batchId" = ${batchId}::uuid AND item."position" = made."position"
			WHERE item."outcome" IS NULL ORDER BY item."position" FOR UPDATE OF item`;
		return this.#change(batchId, change, chunk);
	}

	#change(batchId: string, change: ChunkChange, chunk: Prisma.Sql): Promise<number> {
		const { verdicts, set, recorded, also = Prisma.empty } = change;
		const changed = Prisma.sql`chosen JOIN account ON account."id" = chosen."id"`;
		return this.#prisma.$executeRaw`
			WITH chunk AS MATERIALIZED (${chunk}),
			account AS MATERIALIZED (
				SELECT * FROM "user" WHERE "id" IN (SELECT "userId" FROM chunk) ORDER BY "id" FOR UPDATE
			),
			judged AS MATERIALIZED (
				SELECT chunk."position", account."id", chunk."passwordHash", chunk."sealedPassword",
					${buildCase(verdicts, ({ outcome }) => outcome, Prisma.sql`'done'`)} AS "outcome",
					${buildCase(verdicts, ({ reason }) => reason, Prisma.sql`NULL`)} AS "reason"
				FROM chunk
				LEFT JOIN account ON account."id" = chunk."userId"
				LEFT JOIN immich_auth.password_state AS state ON state."userId" = account."id"
			),
			chosen AS (SELECT * FROM judged WHERE "outcome" = 'done'),
			changed AS (UPDATE "user" SET ${set} FROM chosen WHERE "user"."id" = chosen."id")
			${also}
			${recordEach(batchId, recorded.action, recorded.changes, changed)}
			UPDATE immich_auth.user_batch_item AS item
			SET "outcome" = judged."outcome", "reason" = judged."reason",
				"sealedPassword" = CASE WHEN judged."outcome" = 'done' THEN judged."sealedPassword" END
			FROM judged WHERE item."batchId" = ${batchId}::uuid AND item."position" = judged."position"`;
	}

	/** Creates the users whose email and storage label are still free, and records each outcome. */
	async make(batchId: string, rows: readonly NewUserRow[], setBy: string, expiresAt: Date | null): Promise<void> {
		const withForms = rows.map((row) => ({ ...row, forms: storedForms(row.email) }));
		const given = Prisma.sql`jsonb_to_recordset(${JSON.stringify(withForms)}::jsonb) AS given("position" int, "id" uuid,
			"groupId" uuid, "email" text, "name" text, "isAdmin" boolean, "storageLabel" text, "quotaSizeInBytes" bigint,
			"passwordHash" text, "sealedPassword" text, "forms" text[])`;
		const group = groupSql(this.#immich);
		const createdUsers = Prisma.sql`made JOIN chosen AS account ON account."id" = made."id"`;
		await this.#prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('immich_auth.labels'))`;
		await this.#prisma.$executeRaw`
			WITH judged AS MATERIALIZED (
				SELECT given.*, CASE
					WHEN EXISTS (SELECT FROM "user" WHERE "user"."email" = ANY(given."forms"))
						THEN 'This email is already in use'
					WHEN EXISTS (SELECT FROM "user" WHERE lower("user"."storageLabel") = lower(given."storageLabel"))
						THEN 'The storage label is in use' END AS "reason"
				FROM ${given}
				JOIN immich_auth.user_batch_item AS item
					ON item."batchId" = ${batchId}::uuid AND item."position" = given."position"
				WHERE item."outcome" IS NULL FOR UPDATE OF item
			),
			chosen AS (SELECT * FROM judged WHERE "reason" IS NULL),
			${group.create}
			made AS (
				INSERT INTO "user" ("id", ${group.column} "email", "name", "isAdmin", "storageLabel", "quotaSizeInBytes",
					"password", "shouldChangePassword")
				SELECT "id", ${group.value} "email", "name", "isAdmin", "storageLabel", "quotaSizeInBytes",
					${group.password}, TRUE
				FROM chosen ON CONFLICT DO NOTHING RETURNING "id"
			),
			origins AS (
				INSERT INTO immich_auth.email_origin ("userId", "email", "origin")
				SELECT made."id", chosen."email", 'admin' FROM made JOIN chosen ON chosen."id" = made."id"
			),
			states AS (
				INSERT INTO immich_auth.password_state ("userId", "setBy", "expiresAt")
				SELECT made."id", ${setBy}::uuid, ${expiresAt} FROM made JOIN chosen ON chosen."id" = made."id"
				WHERE chosen."passwordHash" IS NOT NULL
			)
			${recordEach(batchId, 'user.create', initialFields, createdUsers)}
			UPDATE immich_auth.user_batch_item AS item
			SET "userId" = made."id", "outcome" = CASE WHEN made."id" IS NULL THEN 'failed' ELSE 'done' END,
				"reason" = CASE WHEN made."id" IS NULL
					THEN coalesce(judged."reason", 'This email or storage label was just taken') END,
				"sealedPassword" = CASE WHEN made."id" IS NOT NULL THEN judged."sealedPassword" END
			FROM judged LEFT JOIN made ON made."id" = judged."id"
			WHERE item."batchId" = ${batchId}::uuid AND item."position" = judged."position"`;
		if (this.#immich?.hasClusterGroups === false) return;
		// Left behind by a row that lost a race for its email.
		await this.#prisma.$executeRaw`
			DELETE FROM "cluster_group" WHERE "id" = ANY(${rows.map(({ groupId }) => groupId)}::uuid[])
				AND NOT EXISTS (SELECT FROM "user" WHERE "user"."clusterGroupId" = "cluster_group"."id")`;
	}

	/** Returns which of these emails and storage labels are taken. */
	async findTaken(
		emails: readonly string[],
		labels: readonly string[]
	): Promise<{ emails: Set<string>; labels: Set<string> }> {
		const rows = await this.#prisma.$queryRaw<{ email: string | null; label: string | null }[]>`
			SELECT "email", NULL AS "label" FROM "user" WHERE "email" = ANY(${emails}::text[])
			UNION ALL SELECT NULL, wanted FROM unnest(${labels}::text[]) AS wanted
				WHERE lower(wanted) IN (SELECT lower("storageLabel") FROM "user")`;
		const present = (values: (string | null)[]) => new Set(values.filter((value) => value !== null));
		return { emails: present(rows.map(({ email }) => email)), labels: present(rows.map(({ label }) => label)) };
	}
}
