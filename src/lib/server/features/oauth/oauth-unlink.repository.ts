import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { NewNotification } from '#lib/server/features/notifications/index.ts';
import { providerSession } from '#lib/server/features/sessions/index.ts';
import {
	canSignIn,
	canSignInByPassword,
	isActiveAdmin,
	isLinked,
	isLinkedTo,
	type SignInWays
} from '#lib/server/features/user-directory/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Which identities are removed: one user's or everyone's, of one provider or all. */
interface Unlinked {
	readonly userId: string | null;
	readonly providerId: string | null;
	/** The notification for the users. */
	readonly notice: NewNotification;
	/** Which of the sessions started by the provider also end: all but one, or none. */
	readonly sessions: { readonly keptId: string | null } | 'kept';
}

const userState = Prisma.sql`"user" AS account
	LEFT JOIN immich_auth.password_state AS state ON state."userId" = account."id"`;

/** An admin who could no longer sign in after a change. */
export interface StrandedAdmin {
	readonly id: string;
	readonly name: string;
	readonly email: string;
}

/** Removes identities, and previews the effects. */
export class OAuthUnlinkRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Counts the users linked to any provider, and those of them who can't sign in by password. */
	async countLinked(isPasswordLoginOn: boolean): Promise<{ users: number; withoutPassword: number }> {
		const [row] = await this.#prisma.$queryRaw<{ users: number; withoutPassword: number }[]>`
			SELECT count(*)::int AS "users",
				count(*) FILTER (WHERE NOT ${canSignInByPassword(isPasswordLoginOn)})::int AS "withoutPassword"
			FROM ${userState} WHERE ${isLinked}`;
		return row ?? { users: 0, withoutPassword: 0 };
	}

	/** Lists up to `limit` admins who could no longer sign in if these links were removed. */
	listStrandedAdmins(
		{ userId, providerId }: Pick<Unlinked, 'userId' | 'providerId'>,
		{ isPasswordLoginOn, providerIds }: SignInWays,
		limit: number
	): Promise<StrandedAdmin[]> {
		const isRemoved = providerId === null ? isLinked : isLinkedTo([providerId]);
		const others = providerId === null ? [] : providerIds.filter((id) => id !== providerId);
		return this.#prisma.$queryRaw<StrandedAdmin[]>`
			SELECT account."id", account."name", account."email" FROM ${userState}
			WHERE ${isActiveAdmin} AND (${userId}::uuid IS NULL OR account."id" = ${userId}::uuid)
				AND ${isRemoved} AND NOT ${canSignIn({ isPasswordLoginOn, providerIds: others })}
			ORDER BY account."email" LIMIT ${limit}`;
	}

	/** Lists up to `limit` admins who can sign in under `before`, if no admin can under `after`. */
	listLockedOutAdmins(before: SignInWays, after: SignInWays, limit: number): Promise<StrandedAdmin[]> {
		return this.#prisma.$queryRaw<StrandedAdmin[]>`
			SELECT account."id", account."name", account."email" FROM ${userState}
			WHERE ${isActiveAdmin} AND ${canSignIn(before)}
				AND NOT EXISTS (SELECT FROM ${userState} WHERE ${isActiveAdmin} AND ${canSignIn(after)})
			ORDER BY account."email" LIMIT ${limit}`;
	}

	/** Whether this admin can sign in, and no other can. */
	async isOnlyAdminWhoCanSignIn(userId: string, ways: SignInWays): Promise<boolean> {
		const [first, second] = await this.#prisma.$queryRaw<{ id: string }[]>`
			SELECT account."id" FROM ${userState} WHERE ${isActiveAdmin} AND ${canSignIn(ways)} LIMIT 2`;
		return first?.id === userId && !second;
	}

	/** Waits for sign-ins in progress, and blocks new ones until the transaction ends. */
	async lockAll(): Promise<void> {
		await this.#prisma.$executeRaw`LOCK TABLE immich_auth.oauth_identity IN EXCLUSIVE MODE`;
	}

	/**
	 * Removes identities, and the `oauthId` that Immich stored for the first provider. Lock the user, or all identities,
	 * first: otherwise a session started meanwhile is missed.
	 */
	async remove({
		userId,
		providerId,
		notice,
		sessions
	}: Unlinked): Promise<{ removed: number; sessionsEnded: number }> {
		const isEnding = sessions !== 'kept';
		const keptId = isEnding ? sessions.keptId : null;
		const { level, type, title, description, data } = notice;
		const [row] = await this.#prisma.$queryRaw<{ removed: number; sessionsEnded: number }[]>`
			WITH removed AS (
				DELETE FROM immich_auth.oauth_identity
				WHERE (${userId}::uuid IS NULL OR "userId" = ${userId}::uuid)
					AND (${providerId}::varchar IS NULL OR "providerId" = ${providerId})
				RETURNING "userId" AS "id"
			), cleared AS (
				UPDATE "user" SET "oauthId" = ''
				WHERE "oauthId" <> '' AND (${userId}::uuid IS NULL OR "id" = ${userId}::uuid)
					AND coalesce(${providerId}::varchar, ${firstProviderId}) = ${firstProviderId}
				RETURNING "id"
			), unlinked AS (
				SELECT "id" FROM removed UNION SELECT "id" FROM cleared
			), ended AS (
				DELETE FROM "session" WHERE ${isEnding} AND "session"."id" IN (
					SELECT session."id" FROM "session" ${providerSession.join}
					WHERE (${userId}::uuid IS NULL OR session."userId" = ${userId}::uuid) AND ${providerSession.isBegun}
						AND (${providerId}::varchar IS NULL OR ${providerSession.providerId} = ${providerId})
						AND ${providerSession.isNot(keptId)}
				)
				RETURNING "id"
			), notified AS (
				INSERT INTO "notification" ("userId", "level", "type", "title", "description", "data")
				SELECT account."id", ${level}, ${type}, ${title}, ${description}, ${JSON.stringify(data)}::jsonb
				FROM unlinked JOIN "user" AS account ON account."id" = unlinked."id" AND account."deletedAt" IS NULL
			)
			SELECT (SELECT count(*)::int FROM unlinked) AS "removed", (SELECT count(*)::int FROM ended) AS "sessionsEnded"`;
		return row ?? { removed: 0, sessionsEnded: 0 };
	}
}
