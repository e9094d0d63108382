import type { AuthMethod, Session } from './codec.ts';
import { toPlainText } from './plain-text.ts';

const defaultLeewaySeconds = 60;

/** A session that starts now. */
export const createSession = (serverUrl: string, auth: AuthMethod): Session => ({
	serverUrl,
	auth,
	createdAt: new Date().toISOString().replace(/\.\d+Z$/, 'Z')
});

/**
 * Whether a JWT's `exp` passes within the leeway; also true for a token that is no JWT. One without `exp` is valid until its
 * session is revoked. Immich's own tokens are no JWTs: only the server knows whether they still work.
 */
export function isJwtExpired(token: string, leewaySeconds = defaultLeewaySeconds): boolean {
	const claims = decodeClaims(token);
	if (claims === null) return true;
	if (claims.exp === undefined) return false;
	return typeof claims.exp !== 'number' || claims.exp - leewaySeconds <= Date.now() / 1_000;
}

/** `isJwtExpired` for a session; one with an API key never expires. */
export const isExpired = ({ auth }: Session, leewaySeconds = defaultLeewaySeconds): boolean =>
	auth.type === 'jwt' && isJwtExpired(auth.accessToken, leewaySeconds);

/** The claims of a JWT, whose signature only its server can check; null for any other text. */
export function decodeClaims(token: string): { readonly exp?: unknown } | null {
	const parts = token.split('.');
	if (parts.length !== 3 || !parts.every((part) => /^[\w-]*$/.test(part))) return null;
	try {
		const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString());
		return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? claims : null;
	} catch {
		return null;
	}
}

/** Lines for people: email, user ID, server, creation and kind; never the secret. */
export function formatSession({ serverUrl, auth, createdAt }: Session): string {
	const lines: readonly (readonly [string, string])[] =
		auth.type === 'jwt'
			? [
					['Email', auth.email],
					['User ID', auth.userId]
				]
			: [];
	const kind = auth.type === 'jwt' ? 'session' : `API key${auth.name === undefined ? '' : ` (${auth.name})`}`;
	return [...lines, ['Server', serverUrl] as const, ['Created', createdAt] as const, ['Kind', kind] as const]
		.map(([title, value]) => `${`${title}:`.padEnd(9)}${toPlainText(value)}`)
		.join('\n');
}
