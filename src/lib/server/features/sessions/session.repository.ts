import type { Pool } from 'pg';
import type { DeviceClass } from '#lib/contract/sessions/device.ts';
import type { PrismaClient } from '#lib/server/platform/database/database.ts';
import type { RecordedClientInfo } from '#lib/server/features/audit/index.ts';
import type { Vault } from '#lib/server/platform/secrets/vault.ts';
import type { NewNotification } from '#lib/server/features/notifications/index.ts';
import { mustChangePassword } from '#lib/server/features/users/index.ts';
import { idTokenContext, startSession, type SessionProof } from './session-start.sql.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

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

/** Everything needed to authenticate a request by session, in one row. */
export interface SessionIdentity {
	readonly sessionId: string;
	readonly tokenHash: Uint8Array;
	readonly createdAt: Date;
	readonly updatedAt: Date;
	readonly expiresAt: Date | null;
	readonly deviceClass: DeviceClass;
	readonly pinExpiresAt: Date | null;
	/** Whether another session started or approved it: a child session, or a program's. No one has signed in with it. */
	readonly isStartedByAnother: boolean;
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
	/** How the user authenticated. */
	readonly proof: SessionProof;
	/** The IP address it is started from, as received. */
	readonly address: string;
	/** The same for the audit log. */
	readonly clientInfo: RecordedClientInfo;
	/** The notification sent if the device is new. */
	readonly notice: NewNotification;
}

/** A child session for another device. */
export type NewChildSession = Omit<NewSession, 'appVersion' | 'proof' | 'clientInfo' | 'notice'>;

/** The device and IP address that used a session. */
export type SessionUse = Pick<NewSession, 'deviceType' | 'deviceOS' | 'appVersion' | 'address'>;

// The password gate; a session started by a provider has none: docs/decisions/005.
const identityText = `
		SELECT session."id" AS "sessionId", session."token" AS "tokenHash", session."createdAt", session."updatedAt",
			session."expiresAt", session."pinExpiresAt", (
				session."parentId" IS NOT NULL OR EXISTS (
					SELECT FROM immich_auth.session_origin AS origin
					WHERE origin."sessionId" = session."id" AND origin."clientName" IS NOT NULL
				)
			) AS "isStartedByAnother",
			immich_auth.device_class(session."deviceType", session."deviceOS", session."appVersion") AS "deviceClass", session."appVersion", account."id" AS "userId", account."email", account."name",
			account."isAdmin", account."avatarColor", account."profileImagePath", account."profileChangedAt",
			${mustChangePassword}
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
	readonly #hasBearerToken: boolean;

	constructor({ prisma, pool, vault, immich }: Pick<Connection, 'prisma' | 'pool' | 'vault' | 'immich'>) {
		this.#hasBearerToken = immich?.hasBearerToken ?? true;
		this.#prisma = prisma;
		this.#pool = pool;
		this.#vault = vault;
	}

	/** Finds the identity of a session: the only query of nearly every request, so it is a named statement. */
	async findIdentity(id: string): Promise<SessionIdentity | null> {
		const { rows } = await this.#pool.query<SessionIdentity>({ ...identityQuery, values: [id] });
		return rows[0] ?? null;
	}

	/** Finds the session of a token that doesn't name it, such as Immich's. */
	async findIdByToken(tokenHash: Uint8Array): Promise<string | null> {
		const { rows } = await this.#pool.query<{ id: string }>({ ...idByTokenQuery, values: [Buffer.from(tokenHash)] });
		return rows[0]?.id ?? null;
	}

	/** The same for many sessions. */
	async listIdentities(ids: readonly string[]): Promise<SessionIdentity[]> {
		return (await this.#pool.query<SessionIdentity>({ ...identitiesQuery, values: [ids] })).rows;
	}

	/** Creates a session and records the sign-in; returns false if the user is gone or the proof no longer holds. */
	create(session: NewSession): Promise<boolean> {
		return startSession(this.#pool, session, this.#vault, this.#hasBearerToken);
	}

	/** Creates a session that ends with its parent at the latest; returns false if the parent has ended. */
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

	/** Counts a user's child sessions. */
	countChildren(userId: string): Promise<number> {
		return this.#prisma.session.count({ where: { userId, parentId: { not: null } } });
	}

	async exists(id: string): Promise<boolean> {
		return (await this.#prisma.session.findUnique({ where: { id }, select: { id: true } })) !== null;
	}

	/** Sets whether the client must start its sync over; does nothing if the session has ended. */
	async setPendingSyncReset(id: string, isPendingSyncReset: boolean): Promise<void> {
		await this.#prisma.session.updateMany({ where: { id }, data: { isPendingSyncReset } });
	}

	/** Elevates a session until this time, or locks it; returns false if it was already locked or has ended. */
	async setPinExpiry(id: string, pinExpiresAt: Date | null): Promise<boolean> {
		const where = pinExpiresAt === null ? { id, pinExpiresAt: { not: null } } : { id };
		return (await this.#prisma.session.updateMany({ where, data: { pinExpiresAt } })).count > 0;
	}

	/** Locks all of a user's sessions. */
	async lockByUser(userId: string): Promise<void> {
		await this.#prisma.session.updateMany({
			where: { userId, pinExpiresAt: { not: null } },
			data: { pinExpiresAt: null }
		});
	}

	/** Records a use of the session, with its client info, and the user's activity. */
	async touch(id: string, { deviceType, deviceOS, appVersion, address }: SessionUse): Promise<void> {
		await this.#pool.query({ ...touchQuery, values: [id, deviceType, deviceOS, appVersion, address] });
	}

	/** Removes the new-device mark. */
	async dismissMark(sessionId: string): Promise<void> {
		await this.#prisma.sessionOrigin.updateMany({ where: { sessionId }, data: { newUntil: null } });
	}

	/** Deletes a session and its child sessions; returns false if it was already gone. */
	async delete(id: string): Promise<boolean> {
		return (await this.#prisma.session.deleteMany({ where: { id } })).count > 0;
	}

	/** Deletes one of a user's sessions; returns false if it belongs to another user or has ended. */
	async deleteOwned(userId: string, id: string): Promise<boolean> {
		return (await this.#prisma.session.deleteMany({ where: { userId, id } })).count > 0;
	}

	/** Deletes all users' sessions except the kept one; returns the number deleted. */
	async deleteAll(keptId: string | null): Promise<number> {
		return (await this.#prisma.session.deleteMany({ where: keptId === null ? {} : { id: { not: keptId } } })).count;
	}

	/** Deletes a user's sessions except the kept one; returns the number deleted. */
	async deleteByUser(userId: string, keptId: string | null = null): Promise<number> {
		const { count } = await this.#prisma.session.deleteMany({
			where: keptId === null ? { userId } : { userId, id: { not: keptId } }
		});
		return count;
	}

	/** Stores the provider's session and ID token with a session, or removes them for null. */
	async setProviderSession(id: string, session: { sid: string | null; idToken: string } | null): Promise<void> {
		const oauthBearerToken = session && this.#vault.sealInMirror(idTokenContext, session.idToken);
		const data = { oauthSid: session?.sid ?? null, ...(this.#hasBearerToken && { oauthBearerToken }) };
		await this.#prisma.session.updateMany({ where: { id }, data });
	}

	/** Counts users with a session that has not expired. */
	async countUsers(): Promise<number> {
		const [row] = await this.#prisma.$queryRaw<{ users: number }[]>`
			SELECT count(DISTINCT session."userId")::int AS "users" FROM "session"
			JOIN "user" AS account ON account."id" = session."userId" AND account."deletedAt" IS NULL
			WHERE session."expiresAt" IS NULL OR session."expiresAt" > now()`;
		return row?.users ?? 0;
	}

	/** Deletes sessions past their own expiry; age limits are not applied. */
	async deleteExpired(now: Date): Promise<void> {
		await this.#prisma.session.deleteMany({ where: { expiresAt: { lte: now } } });
	}
}
