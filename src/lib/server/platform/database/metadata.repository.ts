import type { Prisma, PrismaClient } from './database.ts';
import { ignoreMissingRow } from './prisma-errors.ts';
import type { Connection } from './store.ts';

export type UserMetadataKey = 'preferences' | 'onboarding' | 'license';
export type SystemMetadataKey = 'admin-onboarding' | 'license' | 'version-check-state' | 'reverse-geocoding-state';

export type OwnMetadataKey = 'nightly-run' | 'first-steps';

/** Reads and writes the key-value tables: per user, system-wide, and this product's own. */
export class MetadataRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Returns the stored value, unvalidated; null if there is none. */
	async getForUser(userId: string, key: UserMetadataKey): Promise<unknown> {
		const row = await this.#prisma.userMetadata.findUnique({
			where: { userId_key: { userId, key } },
			select: { value: true }
		});
		return row?.value ?? null;
	}

	/** Stores a value; does nothing if the user no longer exists. */
	async setForUser(userId: string, key: UserMetadataKey, value: Prisma.InputJsonValue): Promise<void> {
		const write = this.#prisma.userMetadata.upsert({
			where: { userId_key: { userId, key } },
			create: { userId, key, value },
			update: { value },
			select: { userId: true }
		});
		await ignoreMissingRow(write);
	}

	/** Returns whether there was anything to delete. */
	async deleteForUser(userId: string, key: UserMetadataKey): Promise<boolean> {
		return (await this.#prisma.userMetadata.deleteMany({ where: { userId, key } })).count > 0;
	}

	/** Returns a value of Immich’s table, unvalidated; null if there is none. */
	async getForSystem(key: SystemMetadataKey): Promise<unknown> {
		const row = await this.#prisma.systemMetadata.findUnique({ where: { key }, select: { value: true } });
		return row?.value ?? null;
	}

	async setForSystem(key: SystemMetadataKey, value: Prisma.InputJsonValue): Promise<void> {
		await this.#prisma.systemMetadata.upsert({
			where: { key },
			create: { key, value },
			update: { value },
			select: { key: true }
		});
	}

	/** Returns whether there was anything to delete. */
	async deleteForSystem(key: SystemMetadataKey): Promise<boolean> {
		return (await this.#prisma.systemMetadata.deleteMany({ where: { key } })).count > 0;
	}

	/** Returns a value of our own table, unvalidated; null if there is none. */
	async getOwn(key: OwnMetadataKey): Promise<unknown> {
		const row = await this.#prisma.setting.findUnique({ where: { key }, select: { value: true } });
		return row?.value ?? null;
	}

	async setOwn(key: OwnMetadataKey, value: Prisma.InputJsonValue): Promise<void> {
		await this.#prisma.setting.upsert({
			where: { key },
			create: { key, value },
			update: { value, updatedAt: new Date() },
			select: { key: true }
		});
	}
}
