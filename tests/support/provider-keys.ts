import { randomUUID } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

/** Signs as a provider does, with a published key. */
export interface Signer {
	readonly publicKey: JWK;
	/** The public key as text, which a vulnerable client could use as a shared secret. */
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

/** Signs with a shared secret. */
export const signBySecret = (claims: JWTPayload, secret: string, typ = 'JWT'): Promise<string> =>
	new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ }).sign(new TextEncoder().encode(secret));

/** Assembles a token by hand, with any header and signature. */
export const assemble = (header: object, claims: JWTPayload, signature = ''): string =>
	[header, claims]
		.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
		.concat(signature)
		.join('.');
