import { z } from 'zod';
import { chunkSize } from '#lib/server/platform/database/chunk.ts';
import type { Prisma, PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Vault } from '#lib/server/platform/secrets/vault.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** `try` shows an admin what a provider returns, and changes nothing. */
export const flowKinds = ['signIn', 'link', 'try'] as const;
export type FlowKind = (typeof flowKinds)[number];

/** A sign-in flow. */
export interface OAuthFlow {
	readonly key: Uint8Array<ArrayBuffer>;
	readonly kind: FlowKind;
	readonly providerId: string;
	readonly nonce: string;
	readonly redirectUri: string;
	readonly userId: string | null;
	/** The provider's settings, encrypted, if they aren't the saved ones. */
	readonly snapshot: string | null;
	readonly expiresAt: Date;
}

/** The hash of a used code challenge, and until when it is stored. */
interface UsedChallenge {
	readonly hash: Uint8Array<ArrayBuffer>;
	readonly expiresAt: Date;
}

const FlowKinds = z.enum(flowKinds);
const nonceContext = 'oauth_flow nonce';

/** Reads and writes rows of `immich_auth.oauth_flow`, `oauth_challenge` and `oauth_logout_token`. */
export class OAuthFlowRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;
	readonly #vault: Vault;

	constructor({ prisma, vault }: Pick<Connection, 'prisma' | 'vault'>) {
		this.#prisma = prisma;
		this.#vault = vault;
	}

	/** Stores a flow and its code challenge in one statement; false if the challenge has been used before. */
	async begin({ key, kind, snapshot, ...flow }: OAuthFlow, challenge: UsedChallenge): Promise<boolean> {
		const { providerId, nonce, redirectUri, userId, expiresAt } = flow;
		const sealedNonce = this.#vault.seal(nonceContext, nonce);
		const sealed = snapshot === null ? null : JSON.stringify(snapshot);
		const count = await this.#prisma.$executeRaw`
			WITH used AS (
				INSERT INTO immich_auth.oauth_challenge ("hash", "expiresAt")
				VALUES (${challenge.hash}, ${challenge.expiresAt}) ON CONFLICT DO NOTHING
				RETURNING 1
			)
			INSERT INTO immich_auth.oauth_flow
				("key", "kind", "providerId", "nonce", "redirectUri", "userId", "snapshot", "expiresAt")
			SELECT ${key}, ${kind}, ${providerId}, ${sealedNonce}, ${redirectUri}, ${userId}::uuid, ${sealed}::jsonb, ${expiresAt}
			FROM used`;
		return count === 1;
	}

	/** Removes and returns a flow, so that it works only once; null if it doesn't exist or has expired. */
	async take(key: Uint8Array<ArrayBuffer>): Promise<OAuthFlow | null> {
		const [row] = await this.#prisma.$queryRaw<Prisma.OAuthFlowGetPayload<object>[]>`
			DELETE FROM immich_auth.oauth_flow WHERE "key" = ${key} RETURNING *`;
		if (!row || row.expiresAt.getTime() <= Date.now()) return null;
		const nonce = this.#vault.open(nonceContext, row.nonce);
		if (nonce === null) return null;
		return { ...row, key, nonce, kind: FlowKinds.parse(row.kind), snapshot: z.string().nullable().parse(row.snapshot) };
	}

	/** Returns the kind of a flow without using it up. */
	async findKind(key: Uint8Array<ArrayBuffer>): Promise<FlowKind | null> {
		const row = await this.#prisma.oAuthFlow.findUnique({ where: { key }, select: { kind: true } });
		return FlowKinds.safeParse(row?.kind).data ?? null;
	}

	/** Records that a logout token is used; false if it was used before. */
	async useLogoutToken(issuer: string, tokenId: string, expiresAt: Date): Promise<boolean> {
		const data = [{ issuer, tokenId, expiresAt }];
		return (await this.#prisma.oAuthLogoutToken.createMany({ data, skipDuplicates: true })).count === 1;
	}

	/** Deletes a chunk of the expired flows, used code challenges and used logout tokens. */
	async removeExpired(): Promise<number> {
		let removed = 0;
		for (const table of ['oauth_flow', 'oauth_challenge', 'oauth_logout_token'])
			removed += await this.#prisma.$executeRawUnsafe(
				`DELETE FROM immich_auth.${table} WHERE ctid = ANY(ARRAY(
					SELECT ctid FROM immich_auth.${table} WHERE "expiresAt" < now() LIMIT ${chunkSize}
				))`
			);
		return removed;
	}
}
