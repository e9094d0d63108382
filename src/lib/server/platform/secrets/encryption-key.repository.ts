import type { Prisma, PrismaClient } from '../database/database.ts';

const id = 'data';

interface StoredKey {
	/** The data key, encrypted with a key outside the database; null before the first startup. */
	readonly wrapped: Uint8Array | null;
	/** Whether Immich itself uses, or has used, this database. */
	readonly isShared: boolean;
}

/** Reads and writes `immich_auth.encryption_key`. */
export class EncryptionKeyRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor(prisma: Prisma.TransactionClient | PrismaClient) {
		this.#prisma = prisma;
	}

	/** Allows one replacement of the key at a time. In a transaction only: held until it ends. */
	async lock(): Promise<void> {
		await this.#prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('immich_auth.encryption_key'))`;
	}

	/** Deletes the key, so that the next startup creates a new one and drops what it can't decrypt. */
	async remove(): Promise<void> {
		await this.#prisma.encryptionKey.deleteMany();
	}

	/** Returns the stored data key, and whether Immich uses the same database. */
	async read(): Promise<StoredKey> {
		// If Immich created the tables, it has recorded migrations in `kysely_migrations` and our mirror migration never ran.
		const [row] = await this.#prisma.$queryRaw<StoredKey[]>`
			SELECT (SELECT "wrapped" FROM immich_auth.encryption_key WHERE "id" = ${id}) AS "wrapped",
				to_regclass('public.kysely_migrations') IS NOT NULL OR EXISTS (
					SELECT FROM immich_auth."_prisma_migrations"
					WHERE "migration_name" LIKE '%\\_mirror' AND "applied_steps_count" = 0 AND "rolled_back_at" IS NULL
				) AS "isShared"`;
		return row ?? { wrapped: null, isShared: false };
	}

	/** Stores the first data key and returns the stored one, possibly another instance's. */
	async add(wrapped: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
		await this.#prisma.encryptionKey.createMany({ data: [{ id, wrapped }], skipDuplicates: true });
		const row = await this.#prisma.encryptionKey.findUniqueOrThrow({ where: { id }, select: { wrapped: true } });
		return row.wrapped;
	}

	/** Replaces the stored key unless another instance already has. */
	async replace(from: Uint8Array, to: Uint8Array<ArrayBuffer>): Promise<void> {
		await this.#prisma.encryptionKey.updateMany({
			where: { id, wrapped: Uint8Array.from(from) },
			data: { wrapped: to, updatedAt: new Date() }
		});
	}
}
