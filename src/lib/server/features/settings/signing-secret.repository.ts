import { randomBytes } from 'node:crypto';
import type { PrismaClient } from '#lib/server/platform/database/database.ts';
import type { Vault } from '#lib/server/platform/secrets/vault.ts';
import type { PoolConnection } from '#lib/server/platform/database/store.ts';

/** Stores token signing secrets, encrypted. */
export class SigningSecretRepository {
	readonly #prisma: PrismaClient;
	readonly #vault: Vault;

	constructor({ prisma, vault }: Pick<PoolConnection, 'prisma' | 'vault'>) {
		this.#prisma = prisma;
		this.#vault = vault;
	}

	/**
	 * Returns a secret, creating it if needed; if several servers create it concurrently, one wins. A plaintext secret from
	 * an earlier version is encrypted; one that can't be decrypted, because the key was reset, is replaced.
	 */
	async getOrCreate(id: string): Promise<Uint8Array> {
		const made = this.#sealed(id, randomBytes(32));
		await this.#prisma.signingSecret.createMany({ data: [{ id, ...made }], skipDuplicates: true });
		const { secret, isSealed } = await this.#find(id);
		const plain = isSealed ? this.#vault.openBytes(toContext(id), secret) : secret;
		if (isSealed && plain) return plain;
		await this.#prisma.signingSecret.updateMany({
			where: { id, secret: Uint8Array.from(secret) },
			data: plain ? this.#sealed(id, plain) : made
		});
		return plain ?? this.getOrCreate(id);
	}

	#find(id: string) {
		const select = { secret: true, isSealed: true };
		return this.#prisma.signingSecret.findUniqueOrThrow({ where: { id }, select });
	}

	#sealed(id: string, secret: Uint8Array) {
		return { secret: this.#vault.sealBytes(toContext(id), secret), isSealed: true };
	}
}

const toContext = (id: string): string => `signing_secret ${id}`;
