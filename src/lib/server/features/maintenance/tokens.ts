import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

const Claims = z.object({ username: z.string(), iat: z.int(), exp: z.int() });
export type MaintenanceClaims = z.output<typeof Claims>;

const lifetimeSeconds = 4 * 60 * 60;

/** A token for the admin who starts or announces maintenance, and its expiry in seconds since 1970. */
export interface MaintenancePass {
	readonly token: string;
	readonly expiresAtSeconds: number;
}

/** The key is the text itself. Source: docs/wire-reference/maintenance.md#state-and-secret. */
const toKey = (secret: string): Uint8Array => new TextEncoder().encode(secret);

/** Signs a token of a period; it expires four hours after `fromMs`, the start of an announced period. */
export async function signMaintenanceToken(secret: string, username: string, fromMs: number): Promise<MaintenancePass> {
	const expiresAtSeconds = Math.floor(fromMs / 1_000) + lifetimeSeconds;
	const token = await new SignJWT({ username })
		.setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
		.setIssuedAt()
		.setExpirationTime(expiresAtSeconds)
		.sign(toKey(secret));
	return { token, expiresAtSeconds };
}

/** Verifies signature and expiry with a single algorithm (RFC 8725 §3.1); null for any other token. */
export async function verifyMaintenanceToken(secret: string, token: string): Promise<MaintenanceClaims | null> {
	try {
		const { payload } = await jwtVerify(token, toKey(secret), {
			algorithms: ['HS256'],
			requiredClaims: ['username', 'iat', 'exp']
		});
		return Claims.safeParse(payload).data ?? null;
	} catch {
		return null;
	}
}
