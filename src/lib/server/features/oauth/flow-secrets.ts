import { createHash } from 'node:crypto';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';

/** Known only to the client that started the flow. */
export interface FlowSecrets {
	readonly state: string;
	readonly codeVerifier: string;
}

/** Creates state and code verifier, 256 random bits each. The only module that uses arctic, which is loaded on first use. */
export async function newFlowSecrets(): Promise<FlowSecrets> {
	const { generateCodeVerifier, generateState } = await import('arctic');
	return { state: generateState(), codeVerifier: generateCodeVerifier() };
}

/** RFC 7636 §4.2, S256. */
export const toCodeChallenge = (codeVerifier: string): string =>
	createHash('sha256').update(codeVerifier).digest('base64url');

/** Derives a flow's key from both secrets: neither alone can finish the flow, and the database reveals neither. */
export const toFlowKey = (state: string, codeChallenge: string): Uint8Array<ArrayBuffer> =>
	hashSecret(JSON.stringify([state, codeChallenge]));
