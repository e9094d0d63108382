import { randomBytes } from 'node:crypto';
import type { PrismaClient } from '../database/database.ts';

/** Keeps the secrets that tokens are signed with. */
export class SigningSecretRepository {
	readonly #prisma: PrismaClient;

	constructor(prisma: PrismaClient) {
		this.#prisma = prisma;
	}

	/** Reads a secret, made at the first call; of several servers that make it at once, one wins. */
	async getOrCreate(id: string): Promise<Uint8Array> {
		await this.#prisma.signingSecret.createMany({
			data: [{ id, secret: Uint8Array.from(randomBytes(32)) }],
			skipDuplicates: true
		});
		const { secret } = await this.#prisma.signingSecret.findUniqueOrThrow({ where: { id }, select: { secret: true } });
		return secret;
	}
}
