import type { AuditAction } from '#lib/contract/audit/audit.ts';
import type { BatchOutcome } from '#lib/contract/user-batches/user-batch.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';
import type { NewNotification } from '#lib/server/features/notifications/index.ts';
import type { BatchOptions } from './user-batch.repository.ts';
import { providerSession } from '#lib/server/features/sessions/index.ts';
import {
	canSignIn,
	canSignInByPassword,
	isActiveAdmin,
	isLinked,
	mustChangePassword,
	type SignInWays
} from '#lib/server/features/user-directory/index.ts';

/** Why a user is left unchanged. The conditions see the locked rows `account` and `state`. */
interface Verdict {
	readonly when: Prisma.Sql;
	readonly outcome: Exclude<BatchOutcome, 'done'>;
	readonly reason: string;
}

/** How one kind of change is applied to all users of a chunk in one statement. */
export interface ChunkChange {
	readonly verdicts: readonly Verdict[];
	/** The `SET` clause for the users' own rows. */
	readonly set: Prisma.Sql;
	/** What is recorded for each user; the values see `account` before the change. */
	readonly recorded: { readonly action: AuditAction; readonly changes: Prisma.Sql };
	/** Further CTEs of the statement; they see the users to change as `chosen`. */
	readonly also?: Prisma.Sql;
	/** Set if the change deletes what a sign-in creates: users are locked first, so that no sign-in runs in between. */
	readonly isLockedFirst?: boolean;
}

/** The user ID of the admin who started the bulk action. */
type Caller = string;

const isMissing: Verdict = {
	when: Prisma.sql`account."id" IS NULL`,
	outcome: 'failed',
	reason: 'The account doesn’t exist'
};
const isDeleted: Verdict = {
	when: Prisma.sql`account."deletedAt" IS NOT NULL`,
	outcome: 'failed',
	reason: 'The account is deleted: restore it first'
};
const nothing = Prisma.sql`NULL::jsonb`;
const mustChangeRecord = Prisma.sql`CASE WHEN NOT account."shouldChangePassword"
	THEN jsonb_build_object('shouldChangePassword', jsonb_build_object('from', FALSE, 'to', TRUE)) END`;
/** A deleted user's credentials must not work again after a restore. */
const endCredentials = Prisma.sql`, ended AS (
		DELETE FROM "session" USING chosen WHERE "session"."userId" = chosen."id"
	), revoked AS (
		DELETE FROM "api_key" USING chosen WHERE "api_key"."userId" = chosen."id"
	)`;
const isCaller = (caller: Caller) => Prisma.sql`account."id" = ${caller}::uuid`;

/** Requires a password change of users who have a password. */
export function requireChange(caller: Caller): ChunkChange {
	return {
		verdicts: [
			isMissing,
			isDeleted,
			{ when: isCaller(caller), outcome: 'skipped', reason: 'This is your own account' },
			{
				when: Prisma.sql`coalesce(account."password", '') = ''`,
				outcome: 'skipped',
				reason: 'The account has no password'
			},
			{ when: mustChangePassword, outcome: 'skipped', reason: 'A change is required already' }
		],
		set: Prisma.sql`"shouldChangePassword" = TRUE`,
		recorded: { action: 'user.requireChange', changes: mustChangeRecord },
		also: Prisma.sql`, demanded AS (
			INSERT INTO immich_auth.password_state ("userId", "demandedBy", "demandedAt")
			SELECT chosen."id", ${caller}::uuid, now() FROM chosen ORDER BY chosen."id"
			ON CONFLICT ("userId") DO UPDATE SET "demandedBy" = excluded."demandedBy", "demandedAt" = excluded."demandedAt"
		)`
	};
}

/** Sets the quota in bytes; null removes it. */
export function setQuota({ quota = null }: BatchOptions): ChunkChange {
	return {
		verdicts: [
			isMissing,
			isDeleted,
			{
				when: Prisma.sql`account."quotaSizeInBytes" IS NOT DISTINCT FROM ${quota}::bigint`,
				outcome: 'skipped',
				reason: 'The account has this quota already'
			}
		],
		set: Prisma.sql`"quotaSizeInBytes" = ${quota}::bigint`,
		recorded: {
			action: 'user.update',
			changes: Prisma.sql`jsonb_build_object('quotaSizeInBytes',
				jsonb_build_object('from', account."quotaSizeInBytes", 'to', ${quota}::bigint))`
		}
	};
}

/**
 * Deletes users so that they can be restored, and ends their sessions and keys. It fails for the admins who can sign in if the
 * bulk action would leave none of them.
 */
export function deleteUsers(caller: Caller, batchId: string, ways: SignInWays): ChunkChange {
	const isAdminLeft = Prisma.sql`EXISTS (
		SELECT FROM "user" AS account
		LEFT JOIN immich_auth.password_state AS state ON state."userId" = account."id"
		WHERE ${isActiveAdmin} AND ${canSignIn(ways)} AND (${isCaller(caller)} OR NOT EXISTS (
			SELECT FROM immich_auth.user_batch_item AS item
			WHERE item."batchId" = ${batchId}::uuid AND item."userId" = account."id")))`;
	return {
		verdicts: [
			isMissing,
			{ when: isCaller(caller), outcome: 'failed', reason: 'You cannot delete your own account' },
			{ when: isDeleted.when, outcome: 'skipped', reason: 'The account is deleted already' },
			{
				when: Prisma.sql`${isActiveAdmin} AND ${canSignIn(ways)} AND NOT ${isAdminLeft}`,
				outcome: 'failed',
				reason: 'No administrator who can sign in would be left'
			}
		],
		set: Prisma.sql`"status" = 'deleted', "deletedAt" = now()`,
		recorded: { action: 'user.delete', changes: nothing },
		also: endCredentials
	};
}

export const restoreUsers: ChunkChange = {
	verdicts: [
		isMissing,
		{ when: Prisma.sql`account."deletedAt" IS NULL`, outcome: 'skipped', reason: 'The account is not deleted' }
	],
	set: Prisma.sql`"status" = 'active', "deletedAt" = NULL`,
	recorded: { action: 'user.restore', changes: nothing },
	also: endCredentials
};

/**
 * Unlinks each user from all providers, including deleted ones, ends the sessions they started, and notifies the users.
 * Admins who can't sign in with a password stay linked, and the session that started the bulk action is kept.
 */
export const unlinkUsers = (
	keptSessionId: string | null,
	isPasswordLoginOn: boolean,
	{ level, type, title, description, data }: NewNotification
): ChunkChange => ({
	verdicts: [
		isMissing,
		{
			when: Prisma.sql`NOT ${isLinked}`,
			outcome: 'skipped',
			reason: 'The account is not linked to a provider'
		},
		{
			when: Prisma.sql`${isActiveAdmin} AND NOT ${isPasswordLoginOn}::boolean`,
			outcome: 'failed',
			reason: 'Password sign-in is off, so this administrator could no longer sign in'
		},
		{
			when: Prisma.sql`${isActiveAdmin} AND coalesce(account."password", '') = ''`,
			outcome: 'failed',
			reason: 'This administrator has no password: give them a temporary one first'
		},
		{
			when: Prisma.sql`${isActiveAdmin} AND NOT ${canSignInByPassword(isPasswordLoginOn)}`,
			outcome: 'failed',
			reason: 'The temporary password of this administrator has expired: give them a new one first'
		}
	],
	set: Prisma.sql`"oauthId" = ''`,
	recorded: { action: 'oauth.unlink', changes: nothing },
	isLockedFirst: true,
	also: Prisma.sql`, unlinked AS (
		DELETE FROM immich_auth.oauth_identity USING chosen WHERE oauth_identity."userId" = chosen."id"
	), ended AS (
		DELETE FROM "session" WHERE "session"."id" IN (
			SELECT session."id" FROM "session" JOIN chosen ON chosen."id" = session."userId" ${providerSession.join}
			WHERE ${providerSession.isBegun} AND ${providerSession.isNot(keptSessionId)}
		)
	), notified AS (
		INSERT INTO "notification" ("userId", "level", "type", "title", "description", "data")
		SELECT chosen."id", ${level}, ${type}, ${title}, ${description}, ${JSON.stringify(data)}::jsonb
		FROM chosen JOIN account ON account."id" = chosen."id" AND account."deletedAt" IS NULL
	)`
});

/** Sets the generated password of each user and notifies them. */
export function resetPasswords(
	caller: Caller,
	{ revokeApiKeys = true }: BatchOptions,
	expiresAt: Date,
	{ level, type, title, description, data }: NewNotification
): ChunkChange {
	return {
		verdicts: [
			isMissing,
			isDeleted,
			{
				when: isCaller(caller),
				outcome: 'skipped',
				reason: 'This is your own account: change its password in your account'
			}
		],
		set: Prisma.sql`"password" = chosen."passwordHash", "shouldChangePassword" = TRUE`,
		recorded: { action: 'user.resetPassword', changes: mustChangeRecord },
		also: Prisma.sql`, states AS (
			INSERT INTO immich_auth.password_state ("userId", "setBy", "setAt", "expiresAt")
			SELECT chosen."id", ${caller}::uuid, now(), ${expiresAt} FROM chosen ORDER BY chosen."id"
			ON CONFLICT ("userId") DO UPDATE SET "setBy" = excluded."setBy", "setAt" = excluded."setAt", "isProven" = TRUE,
				"expiresAt" = excluded."expiresAt", "demandedBy" = NULL, "demandedAt" = NULL
		), ended AS (
			DELETE FROM "session" USING chosen WHERE "session"."userId" = chosen."id"
		), revoked AS (
			DELETE FROM "api_key" USING chosen WHERE ${revokeApiKeys} AND "api_key"."userId" = chosen."id"
		), forgotten AS (
			DELETE FROM immich_auth.sign_in_origin USING chosen WHERE sign_in_origin."userId" = chosen."id"
		), notified AS (
			INSERT INTO "notification" ("userId", "level", "type", "title", "description", "data")
			SELECT chosen."id", ${level}, ${type}, ${title}, ${description}, ${JSON.stringify(data)}::jsonb FROM chosen
		)`
	};
}

/** Builds a CASE expression; the first matching verdict wins. */
export const buildCase = (verdicts: readonly Verdict[], read: (verdict: Verdict) => string, otherwise: Prisma.Sql) =>
	Prisma.sql`CASE ${Prisma.join(
		verdicts.map((verdict) => Prisma.sql`WHEN ${verdict.when} THEN ${read(verdict)}`),
		' '
	)} ELSE ${otherwise} END`;
