import type { Pool } from 'pg';
import type { PrismaClient } from '../database/database.ts';
import type { RecordedOrigin } from './audit.repository.ts';

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
	readonly updatedAt: Date;
	readonly expiresAt: Date | null;
	readonly pinExpiresAt: Date | null;
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
	/** The hash that the password was compared with. */
	readonly passwordHash: string;
	/** Where the sign-in came from, for the audit log. */
	readonly origin: RecordedOrigin;
}

/** A session that another one starts for a device beside it. */
export type NewChildSession = Pick<NewSession, 'id' | 'userId' | 'tokenHash' | 'expiresAt' | 'deviceType' | 'deviceOS'>;

// The gate of a password that somebody else set: docs/decisions/005.
const identityQuery = {
	name: 'session-identity',
	text: `
		SELECT session."id" AS "sessionId", session."token" AS "tokenHash", session."updatedAt", session."expiresAt",
			session."pinExpiresAt", session."appVersion", account."id" AS "userId", account."email", account."name",
			account."isAdmin", account."avatarColor", account."profileImagePath", account."profileChangedAt",
			account."shouldChangePassword" AND coalesce(account."password", '') <> ''
				AND (state."userId" IS NULL OR state."setBy" IS DISTINCT FROM account."id" OR state."demandedAt" IS NOT NULL)
				AS "mustChangePassword"
		FROM "session"
		JOIN "user" AS account ON account."id" = session."userId"
		LEFT JOIN immich_auth.password_state AS state ON state."userId" = account."id"
		WHERE session."id" = $1 AND account."deletedAt" IS NULL`
};

// One statement: the account is locked, so that a reset comes before or after it, never in between. It records the sign-in
// too, which so costs no way to the database of its own.
const startQuery = {
	name: 'session-start',
	text: `
		WITH account AS (
			SELECT "id", "name", "email" FROM "user"
			WHERE "id" = $2 AND "password" = $8 AND "deletedAt" IS NULL FOR UPDATE
		), started AS (
			INSERT INTO "session" ("id", "userId", "token", "expiresAt", "deviceType", "deviceOS", "appVersion")
			SELECT $1, "id", $3, $4, $5, $6, $7 FROM account
		), recorded AS (
			INSERT INTO immich_auth.audit_event ("action", "actorId", "actorName", "actorEmail", "subjectId", "subjectName",
				"subjectEmail", "objectKind", "objectId", "address", "client", "correlationId")
			SELECT 'auth.signIn', "id", left("name", 500), "email", "id", left("name", 500), "email", 'session', $1,
				$9::inet, $10, $11
			FROM account
		)
		INSERT INTO immich_auth.user_activity ("userId", "lastSignInAt", "lastSeenAt")
		SELECT "id", now(), now() FROM account
		ON CONFLICT ("userId") DO UPDATE SET "lastSignInAt" = now(), "lastSeenAt" = now()`
};

const columns = {
	id: true,
	userId: true,
	createdAt: true,
	updatedAt: true,
	expiresAt: true,
	deviceType: true,
	deviceOS: true,
	appVersion: true,
	isPendingSyncReset: true
} as const;

/** Reads and writes rows of `session`. */
export class SessionRepository {
	readonly #prisma: Pick<PrismaClient, 'session' | 'userActivity' | '$queryRaw'>;
	readonly #pool: Pool;

	constructor(prisma: Pick<PrismaClient, 'session' | 'userActivity' | '$queryRaw'>, pool: Pool) {
		this.#prisma = prisma;
		this.#pool = pool;
	}

	/** Looks up who a session belongs to: the one query of nearly every request, as a named statement. */
	async findIdentity(id: string): Promise<SessionIdentity | null> {
		const { rows } = await this.#pool.query<SessionIdentity>({ ...identityQuery, values: [id] });
		return rows[0] ?? null;
	}

	/** Makes a session and remembers the sign-in; false where the account is gone or its password has changed. */
	async create({ id, userId, tokenHash, expiresAt, passwordHash, origin, ...device }: NewSession): Promise<boolean> {
		const { deviceType, deviceOS, appVersion } = device;
		const { address, client, correlationId } = origin;
		const session = [id, userId, tokenHash, expiresAt, deviceType, deviceOS, appVersion, passwordHash];
		const values = [...session, address, client, correlationId];
		const { rowCount } = await this.#pool.query({ ...startQuery, values });
		return rowCount === 1;
	}

	/** Makes a session that ends with its parent at the latest; null where the parent has ended meanwhile. */
	async createChild(parentId: string, { id, userId, tokenHash, ...row }: NewChildSession): Promise<SessionRow | null> {
		const { deviceType, deviceOS, expiresAt } = row;
		const [made] = await this.#prisma.$queryRaw<SessionRow[]>`
			INSERT INTO "session" ("id", "userId", "token", "parentId", "expiresAt", "deviceType", "deviceOS")
			SELECT ${id}::uuid, parent."userId", ${tokenHash}, parent."id", ${expiresAt}, ${deviceType}, ${deviceOS}
			FROM "session" AS parent WHERE parent."id" = ${parentId}::uuid AND parent."userId" = ${userId}::uuid
			RETURNING "id", "userId", "createdAt", "updatedAt", "expiresAt", "deviceType", "deviceOS", "appVersion",
				"isPendingSyncReset"`;
		return made ?? null;
	}

	async exists(id: string): Promise<boolean> {
		return (await this.#prisma.session.findUnique({ where: { id }, select: { id: true } })) !== null;
	}

	/** Tells which of these sessions are this person's. */
	async findOwned(userId: string, ids: readonly string[]): Promise<string[]> {
		const rows = await this.#prisma.session.findMany({ where: { userId, id: { in: [...ids] } }, select: { id: true } });
		return rows.map(({ id }) => id);
	}

	/** Writes the flag; null where the session has ended meanwhile. */
	async setPendingSyncReset(id: string, isPendingSyncReset: boolean): Promise<SessionRow | null> {
		const [row] = await this.#prisma.session.updateManyAndReturn({
			where: { id },
			data: { isPendingSyncReset },
			select: columns
		});
		return row ?? null;
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

	/** Records that the session was used just now, and by which device. */
	async touch(id: string, device: Pick<NewSession, 'deviceType' | 'deviceOS' | 'appVersion'>): Promise<void> {
		await this.#prisma.session.updateMany({ where: { id }, data: { ...device, updatedAt: new Date() } });
	}

	/** Lists a user's unexpired sessions, most recently used first. */
	listByUser(userId: string, now: Date): Promise<SessionRow[]> {
		return this.#prisma.session.findMany({
			where: { userId, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
			orderBy: [{ updatedAt: 'desc' }, { createdAt: 'desc' }],
			select: columns
		});
	}

	/** Ends a session and those below it; false where it has ended before. */
	async delete(id: string): Promise<boolean> {
		return (await this.#prisma.session.deleteMany({ where: { id } })).count > 0;
	}

	/** Deletes a user's sessions but the kept one; tells how many ended. */
	async deleteByUser(userId: string, keptId: string | null = null): Promise<number> {
		const { count } = await this.#prisma.session.deleteMany({
			where: keptId === null ? { userId } : { userId, id: { not: keptId } }
		});
		return count;
	}

	async deleteExpired(now: Date): Promise<void> {
		await this.#prisma.session.deleteMany({ where: { expiresAt: { lte: now } } });
	}

	/** Remembers when a person was last here, beyond the life of the session. */
	async recordSeen(userId: string, lastSeenAt: Date): Promise<void> {
		await this.#prisma.userActivity.upsert({
			where: { userId },
			create: { userId, lastSeenAt },
			update: { lastSeenAt },
			select: { userId: true }
		});
	}
}
