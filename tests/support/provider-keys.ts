import { randomUUID } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

/** Signs as a provider does, with a key that it publishes. */
export interface Signer {
	readonly publicKey: JWK;
	/** The same as text, which somebody may take for a shared secret. */
	readonly publicText: string;
	readonly sign: (claims: JWTPayload, type?: string) => Promise<string>;
}

export async function makeSigner(alg: 'RS256' | 'ES256' = 'RS256'): Promise<Signer> {
	const kid = randomUUID();
	const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
	return {
		publicKey: { ...(await exportJWK(publicKey)), alg, use: 'sig', kid },
		publicText: await exportSPKI(publicKey),
		sign: (claims, typ = 'JWT') => new SignJWT(claims).setProtectedHeader({ alg, kid, typ }).sign(privateKey)
	};
}

/** Signs by a secret that both sides are taken to have. */
export const signBySecret = (claims: JWTPayload, secret: string, typ = 'JWT'): Promise<string> =>
	new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ }).sign(new TextEncoder().encode(secret));

/** Puts a token together by hand, with whatever header and signature. */
export const assemble = (header: object, claims: JWTPayload, signature = ''): string =>
	[header, claims]
		.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
		.concat(signature)
		.join('.');
