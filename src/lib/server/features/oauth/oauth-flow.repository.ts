import { z } from 'zod';
import type { Prisma, PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Vault } from '#lib/server/platform/secrets/vault.ts';

/** `try` shows an administrator what a provider says, and changes nothing. */
export const flowKinds = ['signIn', 'link', 'try'] as const;
export type FlowKind = (typeof flowKinds)[number];

/** A way to a provider and back. */
export interface OAuthFlow {
	readonly key: Uint8Array<ArrayBuffer>;
	readonly kind: FlowKind;
	readonly providerId: string;
	readonly nonce: string;
	readonly redirectUri: string;
	readonly userId: string | null;
	/** The provider as it was when that is not what the settings say: sealed text. */
	readonly snapshot: string | null;
	readonly expiresAt: Date;
}

/** A code challenge, by its hash, and how long it is remembered. */
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

	constructor(prisma: Prisma.TransactionClient | PrismaClient, vault: Vault) {
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

	/** Takes a flow, which nobody can take again; null where there is none, or its time is up. */
	async take(key: Uint8Array<ArrayBuffer>): Promise<OAuthFlow | null> {
		const [row] = await this.#prisma.$queryRaw<Prisma.OAuthFlowGetPayload<object>[]>`
			DELETE FROM immich_auth.oauth_flow WHERE "key" = ${key} RETURNING *`;
		if (!row || row.expiresAt.getTime() <= Date.now()) return null;
		const nonce = this.#vault.open(nonceContext, row.nonce);
		if (nonce === null) return null;
		return { ...row, key, nonce, kind: FlowKinds.parse(row.kind), snapshot: z.string().nullable().parse(row.snapshot) };
	}

	/** Tells what a flow is for, and leaves it. */
	async kindOf(key: Uint8Array<ArrayBuffer>): Promise<FlowKind | null> {
		const row = await this.#prisma.oAuthFlow.findUnique({ where: { key }, select: { kind: true } });
		return FlowKinds.safeParse(row?.kind).data ?? null;
	}

	/** Notes that a logout token is used; false where it was used before. */
	async useLogoutToken(issuer: string, tokenId: string, expiresAt: Date): Promise<boolean> {
		const data = [{ issuer, tokenId, expiresAt }];
		return (await this.#prisma.oAuthLogoutToken.createMany({ data, skipDuplicates: true })).count === 1;
	}
}
