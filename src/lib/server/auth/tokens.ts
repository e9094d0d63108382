import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { SignJWT, jwtVerify } from 'jose';
import { z } from 'zod';

const Claims = z.object({ sub: z.uuid(), sid: z.uuid() });
export type Claims = z.output<typeof Claims>;

export interface IssuedToken {
	/** The secret, seen by its holder only. */
	readonly token: string;
	/** What is stored. */
	readonly tokenHash: Uint8Array<ArrayBuffer>;
	readonly sessionId: string;
}

/** Hashes a secret for storage: SHA-256 as Immich stores tokens and keys. Source: wire reference 2.4, 2.6. */
export const hashSecret = (secret: string): Uint8Array<ArrayBuffer> =>
	Uint8Array.from(createHash('sha256').update(secret).digest());

export const areHashesEqual = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Issues and verifies access tokens: JWTs by HS256 only, which Immich's clients treat as opaque. */
export class AccessTokens {
	readonly #secret: Uint8Array;

	constructor(secret: Uint8Array) {
		this.#secret = secret;
	}

	async issue(userId: string, expiresAt: Date | null): Promise<IssuedToken> {
		const sessionId = randomUUID();
		const unsigned = new SignJWT({ sid: sessionId })
			.setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
			.setSubject(userId)
			.setIssuedAt();
		if (expiresAt) unsigned.setExpirationTime(expiresAt);
		const token = await unsigned.sign(this.#secret);
		return { token, tokenHash: hashSecret(token), sessionId };
	}

	/** Verifies signature and expiry (RFC 7519 §7.2, one algorithm per RFC 8725 §3.1); null for any other token. */
	async verify(token: string): Promise<Claims | null> {
		try {
			const { payload } = await jwtVerify(token, this.#secret, { algorithms: ['HS256'] });
			return Claims.safeParse(payload).data ?? null;
		} catch {
			return null;
		}
	}
}
