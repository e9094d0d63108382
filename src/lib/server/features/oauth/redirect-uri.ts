import { firstProviderId, getRedirectPath } from '#lib/contract/oauth/oauth.ts';
import { rewriteMobile, type OAuthProvider } from '#lib/server/features/settings/index.ts';

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

/** The provider whose redirect URI received a response. */
export function providerAt(url: string): string {
	const [path = ''] = url.split(/[?#]/);
	return /\/auth\/login\/([^/]+)\/?$/.exec(path)?.[1] ?? firstProviderId;
}
