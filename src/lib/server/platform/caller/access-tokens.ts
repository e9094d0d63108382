import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { SignJWT, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

const Claims = z.object({ sub: z.uuid(), sid: z.uuid(), exp: z.number().optional() });
export type Claims = z.output<typeof Claims>;

/** Maximum number of cached verifications; about 400 bytes each. */
const maxCachedTokens = 10_000;

/** Without it, the database and the signing secret would suffice to rebuild a token: its other claims are stored. */
const tokenIdBytes = 24;

export interface IssuedToken {
	/** The secret; only its holder sees it. */
	readonly token: string;
	/** What is stored. */
	readonly tokenHash: Uint8Array<ArrayBuffer>;
	readonly sessionId: string;
}

/**
 * Hashes a secret for storage: SHA-256, as Immich stores tokens and keys.
 * Source: docs/wire-reference/credentials.md#session-tokens.
 */
export const hashSecret = (secret: string): Uint8Array<ArrayBuffer> =>
	Uint8Array.from(hash('sha256', secret, 'buffer'));

/** Compares in constant time. */
export const areHashesEqual = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Immich's own tokens are alphanumeric; ours contain dots. Source: docs/wire-reference/credentials.md#session-tokens. */
export const isOpaque = (token: string): boolean => /^\w{16,128}$/.test(token);

const toCacheKey = (tokenHash: Uint8Array): string => Buffer.from(tokenHash).toString('base64');
const hasExpired = ({ exp }: Claims): boolean => exp !== undefined && exp * 1_000 <= Date.now();

/** Issues and verifies access tokens: JWTs with HS256 only; opaque to Immich's clients. */
export class AccessTokens {
	readonly #secret: Uint8Array;
	readonly #verified = new LRUCache<string, Claims>({ max: maxCachedTokens });

	constructor(secret: Uint8Array) {
		this.#secret = secret;
	}

	/** Issues a new token for a session that ends at `expiresAt`. */
	async issue(userId: string, expiresAt: Date | null): Promise<IssuedToken> {
		const sessionId = randomUUID();
		const unsigned = new SignJWT({ sid: sessionId })
			.setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
			.setSubject(userId)
			.setJti(randomBytes(tokenIdBytes).toString('base64url'))
			.setIssuedAt();
		if (expiresAt) unsigned.setExpirationTime(expiresAt);
		const token = await unsigned.sign(this.#secret);
		return { token, tokenHash: hashSecret(token), sessionId };
	}

	/**
	 * Verifies signature and expiry (RFC 7519 §7.2, one algorithm per RFC 8725 §3.1); null if invalid. Valid signatures are
	 * cached, because each verification uses the thread pool that also hashes passwords. Whether the session still exists is
	 * always checked in the database.
	 */
	async verify(token: string, tokenHash: Uint8Array): Promise<Claims | null> {
		const claims = this.cached(tokenHash) ?? (await this.#verifyUncached(token));
		if (!claims || hasExpired(claims)) return null;
		this.#verified.set(toCacheKey(tokenHash), claims);
		return claims;
	}

	/** Claims of a cached token that has not expired. */
	cached(tokenHash: Uint8Array): Claims | null {
		const claims = this.#verified.get(toCacheKey(tokenHash));
		return claims && !hasExpired(claims) ? claims : null;
	}

	async #verifyUncached(token: string): Promise<Claims | null> {
		try {
			const { payload } = await jwtVerify(token, this.#secret, { algorithms: ['HS256'] });
			return Claims.safeParse(payload).data ?? null;
		} catch {
			return null;
		}
	}
}
