import { chunkSize } from '#lib/server/platform/database/chunk.ts';
import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

type Hash = Uint8Array<ArrayBuffer>;

export type DeviceAuthorizationState = 'pending' | 'approved' | 'denied' | 'used';

export interface NewDeviceAuthorization {
	readonly deviceCodeHash: Hash;
	readonly userCodeHash: Hash;
	readonly clientName: string;
	readonly address: string | null;
	readonly client: string | null;
}

/** A program that waits, as its user sees it. */
export interface DeviceAuthorizationRow {
	readonly id: string;
	readonly state: DeviceAuthorizationState;
	readonly clientName: string;
	readonly address: string | null;
	readonly client: string | null;
	readonly createdAt: Date;
	readonly isExpired: boolean;
}

/** What a program's poll finds. */
export interface Poll {
	readonly state: DeviceAuthorizationState;
	readonly clientName: string;
	readonly isExpired: boolean;
	/** Whether the last poll was less than the interval ago. */
	readonly isEarly: boolean;
	/** Who approved or denied it. */
	readonly userId: string | null;
	readonly sessionId: string | null;
}

interface Answer {
	readonly state: 'approved' | 'denied';
	readonly userId: string;
	readonly sessionId: string;
}

/** How long a code can be approved and its token be taken. */
export const lifetimeSeconds = 10 * 60;
/** How long a program must wait between two polls at first, and how much longer after each early one. */
export const intervalSeconds = 5;
/** Programs that keep to the interval exactly must not be early because of the network. */
const toleranceSeconds = 0.5;
/** How long an expired code is still recognized as such. */
const keptSeconds = 60 * 60;
/** How many programs can wait at the same time, on all instances. */
const mostWaiting = 1_000;

/** Reads and writes rows of `immich_auth.device_authorization`. All times are the database's, so that instances agree. */
export class DeviceAuthorizationRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Stores a new one and removes old ones; false if too many are waiting or a code is in use. */
	async create({
		deviceCodeHash,
		userCodeHash,
		clientName,
		address,
		client
	}: NewDeviceAuthorization): Promise<boolean> {
		await this.removeExpired();
		const count = await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.device_authorization
				("deviceCodeHash", "userCodeHash", "clientName", "address", "client", "expiresAt", "intervalSeconds")
			SELECT ${deviceCodeHash}, ${userCodeHash}, ${clientName}, ${address}, ${client},
				now() + make_interval(secs => ${lifetimeSeconds}::int), ${intervalSeconds}::int
			WHERE (SELECT count(*) FROM immich_auth.device_authorization WHERE "expiresAt" > now()) < ${mostWaiting}::int
			ON CONFLICT DO NOTHING`;
		return count === 1;
	}

	/** Records a poll and returns what it finds; null for an unknown code. An early one makes the interval longer. */
	async poll(deviceCodeHash: Hash): Promise<Poll | null> {
		const [found] = await this.#prisma.$queryRaw<Poll[]>`
			WITH polled AS (
				SELECT "id", "intervalSeconds", "expiresAt" <= now() AS "isExpired", coalesce(
					"lastPolledAt" > now() - make_interval(secs => "intervalSeconds" - ${toleranceSeconds}::float), false
				) AS "isEarly"
				FROM immich_auth.device_authorization WHERE "deviceCodeHash" = ${deviceCodeHash} FOR UPDATE
			)
			UPDATE immich_auth.device_authorization AS waiting SET "lastPolledAt" = now(),
				"intervalSeconds" = polled."intervalSeconds" + CASE WHEN polled."isEarly" THEN ${intervalSeconds}::int ELSE 0 END
			FROM polled WHERE waiting."id" = polled."id"
			RETURNING waiting."state", waiting."clientName", polled."isExpired", polled."isEarly",
				waiting."userId", waiting."sessionId"`;
		return found ?? null;
	}

	/** Finds the one that a user's code belongs to. */
	async findByUserCode(userCodeHash: Hash): Promise<DeviceAuthorizationRow | null> {
		const [row] = await this.#prisma.$queryRaw<DeviceAuthorizationRow[]>`
			SELECT "id", "state", "clientName", "address", "client", "createdAt", "expiresAt" <= now() AS "isExpired"
			FROM immich_auth.device_authorization WHERE "userCodeHash" = ${userCodeHash}`;
		return row ?? null;
	}

	/**
	 * Approves or denies one, once; false if it has been answered or has expired. Call it in a transaction that holds the lock
	 * on the user's row, so that the password is the one of this moment.
	 */
	async answer(id: string, { state, userId, sessionId }: Answer): Promise<boolean> {
		const count = await this.#prisma.$executeRaw`
			UPDATE immich_auth.device_authorization SET "state" = ${state}, "userId" = ${userId}::uuid,
				"sessionId" = ${sessionId}::uuid, "passwordDigest" = (
					SELECT sha256(convert_to(coalesce("password", ''), 'UTF8')) FROM "user" WHERE "id" = ${userId}::uuid
				)
			WHERE "id" = ${id}::uuid AND "state" = 'pending' AND "expiresAt" > now()`;
		return count === 1;
	}

	/** Deletes a chunk of those that expired an hour ago. */
	async removeExpired(): Promise<number> {
		return await this.#prisma.$executeRaw`
			DELETE FROM immich_auth.device_authorization WHERE ctid = ANY(ARRAY(
				SELECT ctid FROM immich_auth.device_authorization
				WHERE "expiresAt" < now() - make_interval(secs => ${keptSeconds}::int) LIMIT ${chunkSize}
			))`;
	}
}
