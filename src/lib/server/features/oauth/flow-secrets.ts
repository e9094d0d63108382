import { createHash } from 'node:crypto';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';

/** What only those hold who have begun a flow. */
export interface FlowSecrets {
	readonly state: string;
	readonly codeVerifier: string;
}

/** Makes state and code verifier, each of 256 random bits. The only module that knows arctic, which is loaded when first needed. */
export async function newFlowSecrets(): Promise<FlowSecrets> {
	const { generateCodeVerifier, generateState } = await import('arctic');
	return { state: generateState(), codeVerifier: generateCodeVerifier() };
}

/** RFC 7636 §4.2, S256. */
export const challengeOf = (codeVerifier: string): string =>
	createHash('sha256').update(codeVerifier).digest('base64url');

/** Names a flow by both secrets, so that neither alone ends it, and whoever reads the database has neither. */
export const flowKeyOf = (state: string, codeChallenge: string): Uint8Array<ArrayBuffer> =>
	hashSecret(JSON.stringify([state, codeChallenge]));
