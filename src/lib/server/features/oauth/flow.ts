import { createHash } from 'node:crypto';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import { firstProviderId, getRedirectPath } from '#lib/contract/oauth/oauth.ts';
import { rewriteMobile, type OAuthProvider } from '#lib/server/features/settings/index.ts';

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

/** The flow can't be finished here: it is over, or was started elsewhere or for another purpose. */
export class FlowFailure extends Error {
	override readonly name = 'FlowFailure';
}

const isWeb = ({ protocol }: URL): boolean => /^https?:$/.test(protocol);

/**
 * Parses a URL that a provider may redirect the browser to: a website, or an app whose scheme is named after its maker's
 * domain and so contains a dot (RFC 8252 §7.1); browsers never run or open such a scheme without asking. A username before
 * the host is refused because it can be mistaken for the host (CVE-2026-28512: `https://good@evil/`).
 */
function parseRedirectUri(text: string): URL | null {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (!url || url.username !== '' || url.password !== '') return null;
	return isWeb(url) || url.protocol.includes('.') ? url : null;
}

/**
 * The redirect URI to use when a client requests `wanted`; null if that isn't allowed. The first provider accepts the
 * client's own, as in Immich. Every other provider has exactly one path, and websites only.
 */
export function redirectUriFor(provider: OAuthProvider, wanted: string): string | null {
	if (provider.id !== firstProviderId) {
		const url = parseRedirectUri(wanted);
		return url && isWeb(url) ? `${url.origin}${getRedirectPath(provider.id)}` : null;
	}
	const uri = rewriteMobile(provider, wanted);
	return parseRedirectUri(uri) && providerAt(uri) === firstProviderId ? uri : null;
}

/**
 * The provider whose redirect URI received a response, however the path is written: browsers resolve `..` and `\`, and the
 * router decodes letters.
 */
export function providerAt(url: string): string {
	const path = URL.canParse(url) ? new URL(url).pathname : (url.split(/[?#]/)[0] ?? '');
	return /\/auth\/login\/([^/]+)\/*$/i.exec(decodePath(path))?.[1] ?? firstProviderId;
}

/** Leaves a path as it is if it can't be decoded: no page has it. */
function decodePath(path: string): string {
	try {
		return decodeURI(path);
	} catch {
		return path;
	}
}
