import type { Pool } from 'pg';
import type { DeviceClass } from '#lib/contract/sessions/device.ts';
import type { PrismaClient } from '#lib/server/platform/database/database.ts';
import type { RecordedOrigin } from '#lib/server/features/audit/index.ts';
import type { Vault } from '#lib/server/platform/secrets/vault.ts';
import type { NewNotification } from '#lib/server/features/notifications/index.ts';
import { idTokenContext, startSession, type SessionProof } from './session-start.sql.ts';

/** A session row without its token. */
export interface SessionRow {
	readonly id: string;
	readonly userId: string;
	readonly createdAt: Date;
	readonly updatedAt: Date;
	readonly expiresAt: Date | null;
	readonly deviceType: string;
	readonly deviceOS: string;
	readonly appVersion: string | null;
	readonly isPendingSyncReset: boolean;
}

/** Everything a request by a session needs to know, in one row. */
export interface SessionIdentity {
	readonly sessionId: string;
	readonly tokenHash: Uint8Array;
	readonly createdAt: Date;
	readonly updatedAt: Date;
	readonly expiresAt: Date | null;
	readonly deviceClass: DeviceClass;
	readonly pinExpiresAt: Date | null;
	/** Another session started it. */
	readonly isChild: boolean;
	readonly appVersion: string | null;
	readonly userId: string;
	readonly email: string;
	readonly name: string;
	readonly isAdmin: boolean;
	readonly avatarColor: string | null;
	readonly profileImagePath: string;
	readonly profileChangedAt: Date;
	readonly mustChangePassword: boolean;
}

export interface NewSession {
	readonly id: string;
	readonly userId: string;
	readonly tokenHash: Uint8Array<ArrayBuffer>;
	readonly expiresAt: Date | null;
	readonly deviceType: string;
	readonly deviceOS: string;
	readonly appVersion: string | null;
	/** By what the person has proven who they are. */
	readonly proof: SessionProof;
	/** Where it is begun from, as it came. */
	readonly address: string;
	/** The same for the audit log. */
	readonly origin: RecordedOrigin;
	/** What the person is told where the device is new. */
	readonly notice: NewNotification;
}

/** A session that another one starts for a device beside it. */
export type NewChildSession = Omit<NewSession, 'appVersion' | 'proof' | 'origin' | 'notice'>;

/** The device and the place by which a session was used. */
export type SessionUse = Pick<NewSession, 'deviceType' | 'deviceOS' | 'appVersion' | 'address'>;

// The gate of a password that somebody else set: docs/decisions/005.
const identityText = `
		SELECT session."id" AS "sessionId", session."token" AS "tokenHash", session."createdAt", session."updatedAt",
			session."expiresAt", session."pinExpiresAt", session."parentId" IS NOT NULL AS "isChild",
			immich_auth.device_class(session."deviceType", session."deviceOS", session."appVersion") AS "deviceClass", session."appVersion", account."id" AS "userId", account."email", account."name",
			account."isAdmin", account."avatarColor", account."profileImagePath", account."profileChangedAt",
			account."shouldChangePassword" AND coalesce(account."password", '') <> ''
				AND (state."userId" IS NULL OR state."setBy" IS DISTINCT FROM account."id" OR state."demandedAt" IS NOT NULL)
				AND NOT EXISTS (SELECT FROM immich_auth.oauth_session WHERE "sessionId" = session."id")
				AS "mustChangePassword"
		FROM "session"
		JOIN "user" AS account ON account."id" = session."userId"
		LEFT JOIN immich_auth.password_state AS state ON state."userId" = account."id"
		WHERE account."deletedAt" IS NULL AND session."id" = `;
const identityQuery = { name: 'session-identity', text: `${identityText} $1` };
const identitiesQuery = { name: 'session-identities', text: `${identityText} ANY($1::uuid[])` };

const idByTokenQuery = { name: 'session-id-by-token', text: `SELECT "id" FROM "session" WHERE "token" = $1 LIMIT 1` };

const touchQuery = {
	name: 'session-touch',
	text: `
		WITH used AS (
			UPDATE "session" SET "deviceType" = $2, "deviceOS" = $3, "appVersion" = $4, "updatedAt" = now()
			WHERE "id" = $1 RETURNING "id", "userId"
		), origin AS (
			INSERT INTO immich_auth.session_origin ("sessionId", "lastAddress") SELECT "id", $5::varchar FROM used
			ON CONFLICT ("sessionId") DO UPDATE SET "lastAddress" = excluded."lastAddress"
		)
		INSERT INTO immich_auth.user_activity ("userId", "lastSeenAt") SELECT "userId", now() FROM used
		ON CONFLICT ("userId") DO UPDATE SET "lastSeenAt" = now()`
};

/** Reads and writes rows of `session`. */
export class SessionRepository {
	readonly #prisma: Pick<PrismaClient, 'session' | 'sessionOrigin' | '$executeRaw' | '$queryRaw'>;
	readonly #pool: Pool;
	readonly #vault: Vault;

	constructor(
		prisma: Pick<PrismaClient, 'session' | 'sessionOrigin' | '$executeRaw' | '$queryRaw'>,
		pool: Pool,
		vault: Vault
	) {
		this.#prisma = prisma;
		this.#pool = pool;
		this.#vault = vault;
	}

	/** Looks up who a session belongs to: the one query of nearly every request, as a named statement. */
	async findIdentity(id: string): Promise<SessionIdentity | null> {
		const { rows } = await this.#pool.query<SessionIdentity>({ ...identityQuery, values: [id] });
		return rows[0] ?? null;
	}

	/** Finds the session of a token that doesn't name it, as those made by Immich. */
	async findIdByToken(tokenHash: Uint8Array): Promise<string | null> {
		const { rows } = await this.#pool.query<{ id: string }>({ ...idByTokenQuery, values: [Buffer.from(tokenHash)] });
		return rows[0]?.id ?? null;
	}

	/** The same for many at once. */
	async listIdentities(ids: readonly string[]): Promise<SessionIdentity[]> {
		return (await this.#pool.query<SessionIdentity>({ ...identitiesQuery, values: [ids] })).rows;
	}

	/** Makes a session and remembers the sign-in; false where the account is gone, or what proved it is good no longer. */
	create(session: NewSession): Promise<boolean> {
		return startSession(this.#pool, session, this.#vault);
	}

	/** Makes a session that ends with its parent at the latest; false where the parent has ended meanwhile. */
	async createChild(parentId: string, { id, userId, tokenHash, ...row }: NewChildSession): Promise<boolean> {
		const { deviceType, deviceOS, expiresAt, address } = row;
		const made = await this.#prisma.$executeRaw`
			WITH started AS (
				INSERT INTO "session" ("id", "userId", "token", "parentId", "expiresAt", "deviceType", "deviceOS")
				SELECT ${id}::uuid, parent."userId", ${tokenHash}, parent."id", ${expiresAt}, ${deviceType}, ${deviceOS}
				FROM "session" AS parent WHERE parent."id" = ${parentId}::uuid AND parent."userId" = ${userId}::uuid
				RETURNING "id"
			)
			INSERT INTO immich_auth.session_origin ("sessionId", "signInAddress", "lastAddress")
			SELECT "id", ${address}, ${address} FROM started`;
		return made === 1;
	}

	/** Counts a user's sessions that other sessions started. */
	countChildren(userId: string): Promise<number> {
		return this.#prisma.session.count({ where: { userId, parentId: { not: null } } });
	}

	async exists(id: string): Promise<boolean> {
		return (await this.#prisma.session.findUnique({ where: { id }, select: { id: true } })) !== null;
	}

	/** Tells which of these sessions are this person's. */
	async findOwned(userId: string, ids: readonly string[]): Promise<string[]> {
		const rows = await this.#prisma.session.findMany({ where: { userId, id: { in: [...ids] } }, select: { id: true } });
		return rows.map(({ id }) => id);
	}

	async setPendingSyncReset(id: string, isPendingSyncReset: boolean): Promise<void> {
		await this.#prisma.session.updateMany({ where: { id }, data: { isPendingSyncReset } });
	}

	/** Unlocks a session until then, or locks it; false where it was locked before, or has ended. */
	async setPinExpiry(id: string, pinExpiresAt: Date | null): Promise<boolean> {
		const where = pinExpiresAt === null ? { id, pinExpiresAt: { not: null } } : { id };
		return (await this.#prisma.session.updateMany({ where, data: { pinExpiresAt } })).count > 0;
	}

	/** Locks all of a person's sessions. */
	async lockByUser(userId: string): Promise<void> {
		await this.#prisma.session.updateMany({
			where: { userId, pinExpiresAt: { not: null } },
			data: { pinExpiresAt: null }
		});
	}

	/** Records that the session was used just now, by which device and from where; and that its person was here. */
	async touch(id: string, { deviceType, deviceOS, appVersion, address }: SessionUse): Promise<void> {
		await this.#pool.query({ ...touchQuery, values: [id, deviceType, deviceOS, appVersion, address] });
	}

	/** Takes the mark of a new device away. */
	async dismissMark(sessionId: string): Promise<void> {
		await this.#prisma.sessionOrigin.updateMany({ where: { sessionId }, data: { newUntil: null } });
	}

	/** Ends a session and those below it; false where it has ended before. */
	async delete(id: string): Promise<boolean> {
		return (await this.#prisma.session.deleteMany({ where: { id } })).count > 0;
	}

	/** Deletes one of a user's sessions; false where it is not theirs, or has ended. */
	async deleteOfUser(userId: string, id: string): Promise<boolean> {
		return (await this.#prisma.session.deleteMany({ where: { userId, id } })).count > 0;
	}

	/** Deletes everybody's sessions but the kept one; tells how many ended. */
	async deleteAll(keptId: string | null): Promise<number> {
		return (await this.#prisma.session.deleteMany({ where: keptId === null ? {} : { id: { not: keptId } } })).count;
	}

	/** Deletes a user's sessions but the kept one; tells how many ended. */
	async deleteByUser(userId: string, keptId: string | null = null): Promise<number> {
		const { count } = await this.#prisma.session.deleteMany({
			where: keptId === null ? { userId } : { userId, id: { not: keptId } }
		});
		return count;
	}

	/** Keeps with a session what the provider said of its own one; none for null. */
	async setProviderSession(id: string, session: { sid: string | null; idToken: string } | null): Promise<void> {
		const oauthBearerToken = session && this.#vault.sealInMirror(idTokenContext, session.idToken);
		const data = { oauthSid: session?.sid ?? null, oauthBearerToken };
		await this.#prisma.session.updateMany({ where: { id }, data });
	}

	/** Counts the people who have a session that has not expired. */
	async countPeople(): Promise<number> {
		const [row] = await this.#prisma.$queryRaw<{ people: number }[]>`
			SELECT count(DISTINCT session."userId")::int AS "people" FROM "session"
			JOIN "user" AS account ON account."id" = session."userId" AND account."deletedAt" IS NULL
			WHERE session."expiresAt" IS NULL OR session."expiresAt" > now()`;
		return row?.people ?? 0;
	}

	async deleteExpired(now: Date): Promise<void> {
		await this.#prisma.session.deleteMany({ where: { expiresAt: { lte: now } } });
	}
}
