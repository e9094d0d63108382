import { ignoreMissingRow, readUniqueViolation } from '#lib/server/platform/database/prisma-errors.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Vault } from '#lib/server/platform/secrets/vault.ts';
import { idTokenContext } from '#lib/server/features/sessions/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Identifies a user at a provider. */
export interface OAuthIdentityKey {
	readonly providerId: string;
	readonly issuer: string;
	readonly subject: string;
}

export interface NewOAuthIdentity extends OAuthIdentityKey {
	readonly userId: string;
	readonly email: string | null;
	/** Whether the provider has verified the email. */
	readonly isVerified: boolean;
	readonly linkedBy: 'registration' | 'email' | 'session' | 'immich';
}

export interface OAuthIdentityOwner {
	readonly userId: string;
	readonly linkedAt: Date;
	readonly isDeleted: boolean;
}

export interface OAuthIdentityRow {
	readonly providerId: string;
	readonly issuer: string;
	readonly email: string | null;
	readonly linkedAt: Date;
	readonly lastUsedAt: Date | null;
}

/** Thrown if an identity is already linked, or the user has another one of the provider. */
export class IdentityTakenError extends Error {
	override readonly name = 'IdentityTakenError';
}

interface EndedSession {
	readonly id: string;
	readonly userId: string;
}

/** Reads and writes rows of `immich_auth.oauth_identity`. */
export class OAuthIdentityRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;
	readonly #vault: Vault;

	constructor({ prisma, vault }: Pick<Connection, 'prisma' | 'vault'>) {
		this.#prisma = prisma;
		this.#vault = vault;
	}

	/** Finds the user of an identity, including a deleted one. */
	async findOwner({ issuer, subject }: OAuthIdentityKey): Promise<OAuthIdentityOwner | null> {
		const row = await this.#prisma.oAuthIdentity.findUnique({
			where: { issuer_subject: { issuer, subject } },
			select: { userId: true, linkedAt: true, user: { select: { deletedAt: true } } }
		});
		return row && { userId: row.userId, linkedAt: row.linkedAt, isDeleted: row.user.deletedAt !== null };
	}

	/** Whether another provider has identities of this issuer. */
	async hasIssuerOfOther(providerId: string, issuer: string): Promise<boolean> {
		const where = { issuer, providerId: { not: providerId } };
		return (await this.#prisma.oAuthIdentity.findFirst({ where, select: { id: true } })) !== null;
	}

	/** Lists up to two users whom Immich linked to this subject and who have no identity of the provider yet. */
	async listAdoptable(providerId: string, subject: string): Promise<string[]> {
		const rows = await this.#prisma.user.findMany({
			where: { oauthId: subject, deletedAt: null, oauthIdentities: { none: { providerId } } },
			select: { id: true },
			take: 2
		});
		return rows.map(({ id }) => id);
	}

	/** Whether a user is linked to a provider; the one in Immich’s column `oauthId` doesn’t count. */
	async hasProvider(userId: string, providerId: string): Promise<boolean> {
		const where = { userId_providerId: { userId, providerId } };
		return (await this.#prisma.oAuthIdentity.findUnique({ where, select: { id: true } })) !== null;
	}

	/**
	 * Links an identity to a user.
	 * @throws {IdentityTakenError} if it is already linked
	 */
	async add({ isVerified, ...identity }: NewOAuthIdentity): Promise<void> {
		const data = { ...identity, verifiedEmail: isVerified ? identity.email : null };
		try {
			await ignoreMissingRow(this.#prisma.oAuthIdentity.create({ data, select: { id: true } }));
		} catch (error) {
			if (readUniqueViolation(error) === undefined) throw error;
			throw new IdentityTakenError('The identity is taken', { cause: error });
		}
	}

	/** Removes a user's identity at one provider, so that another can replace it. */
	async removeByProvider(userId: string, providerId: string): Promise<void> {
		await this.#prisma.oAuthIdentity.deleteMany({ where: { userId, providerId } });
	}

	/** Lists a user's identities, and the subject that Immich has stored; empty if there is none. */
	async listByUser(userId: string): Promise<{ identities: OAuthIdentityRow[]; immichSubject: string }> {
		const identity = { providerId: true, issuer: true, email: true, linkedAt: true, lastUsedAt: true } as const;
		const row = await this.#prisma.user.findUnique({
			where: { id: userId },
			select: { oauthId: true, oauthIdentities: { select: identity, orderBy: { linkedAt: 'asc' } } }
		});
		return { identities: row?.oauthIdentities ?? [], immichSubject: row?.oauthId ?? '' };
	}

	/** Counts the users, without deleted ones, who are linked to a provider. */
	countByProvider(providerId: string): Promise<number> {
		return this.#prisma.oAuthIdentity.count({ where: { providerId, user: { deletedAt: null } } });
	}

	/** Stores the email that the provider sent at a sign-in. */
	async noteEmail({ issuer, subject }: OAuthIdentityKey, email: string | null, isVerified: boolean): Promise<void> {
		const verifiedEmail = isVerified ? email : null;
		// Avoids a write, because most sign-ins change nothing.
		await this.#prisma.$executeRaw`
			UPDATE immich_auth.oauth_identity SET "email" = ${email}, "verifiedEmail" = ${verifiedEmail}
			WHERE "issuer" = ${issuer} AND "subject" = ${subject}
				AND ("email", "verifiedEmail") IS DISTINCT FROM (${email}::varchar, ${verifiedEmail}::varchar)`;
	}

	/** Ends the sessions that a provider names: by its session ID, by the user's subject, or both. */
	endSessions(ended: {
		issuer: string;
		subject: string | null;
		sid: string | null;
		isFirst: boolean;
	}): Promise<EndedSession[]> {
		const { issuer, subject, sid, isFirst } = ended;
		return this.#prisma.$queryRaw<EndedSession[]>`
			DELETE FROM "session" WHERE "id" IN (
				SELECT session."id" FROM "session"
				JOIN "user" AS account ON account."id" = session."userId"
				LEFT JOIN immich_auth.oauth_session AS begun ON begun."sessionId" = session."id"
				LEFT JOIN immich_auth.oauth_identity AS identity
					ON identity."userId" = session."userId" AND identity."issuer" = ${issuer}
				WHERE (begun."sessionId" IS NOT NULL OR session."oauthSid" IS NOT NULL
					OR to_jsonb(session) ->> 'oauthBearerToken' IS NOT NULL)
					AND coalesce(begun."issuer", identity."issuer", CASE WHEN ${isFirst} THEN ${issuer} END) = ${issuer}
					AND (${sid}::varchar IS NULL OR session."oauthSid" = ${sid})
					AND (${subject}::varchar IS NULL
						OR coalesce(begun."subject", identity."subject", nullif(account."oauthId", '')) = ${subject})
			)
			RETURNING "id", "userId"`;
	}

	/** Returns which provider started a session, and its ID token. */
	async findSession(sessionId: string): Promise<{ providerId: string | null; idToken: string | null } | null> {
		// Immich 3.0 has no column for the token.
		const [row] = await this.#prisma.$queryRaw<{ providerId: string | null; stored: string | null }[]>`
			SELECT begun."providerId", to_jsonb(session) ->> 'oauthBearerToken' AS "stored" FROM "session"
			LEFT JOIN immich_auth.oauth_session AS begun ON begun."sessionId" = session."id"
			WHERE session."id" = ${sessionId}::uuid`;
		if (!row) return null;
		const { providerId, stored } = row;
		return { providerId, idToken: stored === null ? null : this.#vault.open(idTokenContext, stored) };
	}
}
