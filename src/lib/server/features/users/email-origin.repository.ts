import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Who vouches for an email: an admin, a provider that verified it, a confirmed message, or only the user. */
export type EmailOrigin = 'admin' | 'provider' | 'mail' | 'self';

const trusted: readonly string[] = ['admin', 'provider', 'mail'] satisfies EmailOrigin[];

/** Since when a user has owned their email; null if always. */
export interface EmailProof {
	readonly since: Date | null;
}

/** What is removed from a user when the owner of the email takes it over. */
export interface RemovedCredentials {
	readonly identities: number;
	readonly sessions: number;
	readonly apiKeys: number;
	readonly isPasswordRemoved: boolean;
}

interface Identity {
	readonly id: string;
	readonly providerId: string;
	readonly issuer: string;
	readonly subject: string;
	readonly linkedBy: string | null;
	readonly linkedAt: Date;
	readonly verifiedEmail: string | null;
}

/** Reads and writes rows of `immich_auth.email_origin`: docs/decisions/022. */
export class EmailOriginRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Finds the proof that the user owns their current email; null if only the user vouches for it. */
	async findProof(userId: string): Promise<EmailProof | null> {
		const [row] = await this.#prisma.$queryRaw<EmailProof[]>`
			SELECT CASE WHEN record."since" > account."createdAt" THEN record."since" END AS "since"
			FROM immich_auth.email_origin AS record
			JOIN "user" AS account ON account."id" = record."userId" AND account."email" = record."email"
			WHERE record."userId" = ${userId}::uuid AND record."origin" = ANY(${trusted}::text[])`;
		return row ?? null;
	}

	/** Records that someone other than the user vouches for the current email, unless someone already does. */
	async confirm(userId: string, origin: Exclude<EmailOrigin, 'self'>, since: Date): Promise<boolean> {
		const written = await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.email_origin AS record ("userId", "email", "origin", "since")
			SELECT "id", "email", ${origin}, ${since} FROM "user" WHERE "id" = ${userId}::uuid
			ON CONFLICT ("userId") DO UPDATE
				SET "email" = excluded."email", "origin" = excluded."origin", "since" = excluded."since"
				WHERE record."email" <> excluded."email" OR record."origin" <> ALL(${trusted}::text[])`;
		return written === 1;
	}

	/**
	 * Removes what may belong to someone other than the owner of the email: identities whose provider has not verified it,
	 * and sessions, API keys and the password that came from them or are older than the proof. The caller must hold the
	 * user's lock.
	 */
	async removeUnproven(userId: string, email: string, { since }: EmailProof): Promise<RemovedCredentials> {
		const identities = await this.#prisma.oAuthIdentity.findMany({
			where: { userId },
			select: {
				id: true,
				providerId: true,
				issuer: true,
				subject: true,
				linkedBy: true,
				linkedAt: true,
				verifiedEmail: true
			}
		});
		const { oauthId } = await this.#prisma.user.findUniqueOrThrow({ where: { id: userId }, select: { oauthId: true } });
		const isUnadopted = oauthId !== '' && !identities.some(({ providerId }) => providerId === firstProviderId);
		const isTainted = isUnadopted || identities.some((identity) => !isProven(identity, email, since));
		return isTainted
			? this.#removeAllBut(
					userId,
					identities.filter((one) => one.verifiedEmail === email)
				)
			: this.#removeOlder(userId, since);
	}

	/** Once a stranger could sign in, only sessions started by a verified identity are known to be the owner's. */
	async #removeAllBut(userId: string, kept: readonly Identity[]): Promise<RemovedCredentials> {
		const { count: identities } = await this.#prisma.oAuthIdentity.deleteMany({
			where: { userId, id: { notIn: kept.map(({ id }) => id) } }
		});
		if (!kept.some(({ providerId }) => providerId === firstProviderId))
			await this.#prisma.user.updateMany({ where: { id: userId, oauthId: { not: '' } }, data: { oauthId: '' } });
		const keptSessions = kept.map(({ issuer, subject }) => ({ oauth: { is: { issuer, subject } } }));
		const { count: sessions } = await this.#prisma.session.deleteMany({
			where: { userId, ...(keptSessions.length > 0 && { NOT: { OR: keptSessions } }) }
		});
		const { count: apiKeys } = await this.#prisma.apiKey.deleteMany({ where: { userId } });
		return { identities, sessions, apiKeys, isPasswordRemoved: await this.#removePassword(userId, null) };
	}

	async #removeOlder(userId: string, since: Date | null): Promise<RemovedCredentials> {
		if (since === null) return { identities: 0, sessions: 0, apiKeys: 0, isPasswordRemoved: false };
		const where = { userId, createdAt: { lt: since } };
		const { count: sessions } = await this.#prisma.session.deleteMany({ where });
		const { count: apiKeys } = await this.#prisma.apiKey.deleteMany({ where });
		return { identities: 0, sessions, apiKeys, isPasswordRemoved: await this.#removePassword(userId, since) };
	}

	/** Removes the password if it was set before this time; returns false if nothing was removed. */
	async #removePassword(userId: string, before: Date | null): Promise<boolean> {
		const isOlder =
			before === null
				? Prisma.sql`TRUE`
				: Prisma.sql`NOT EXISTS (
			SELECT FROM immich_auth.password_state AS state WHERE state."userId" = "user"."id" AND state."setAt" >= ${before})`;
		const removed = await this.#prisma.$executeRaw`
			UPDATE "user" SET "password" = NULL
			WHERE "id" = ${userId}::uuid AND coalesce("password", '') <> '' AND ${isOlder}`;
		if (removed === 1) await this.#prisma.signInOrigin.deleteMany({ where: { userId } });
		return removed === 1;
	}
}

/** Whether an identity is the owner's: its provider verified the email, or the owner linked it while signed in. */
const isProven = ({ verifiedEmail, linkedBy, linkedAt }: Identity, email: string, since: Date | null): boolean =>
	verifiedEmail === email || (linkedBy === 'session' && (since === null || linkedAt >= since));
