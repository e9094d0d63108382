import type { RequestEvent } from '@sveltejs/kit';
import type { Connection } from '../caller/request-site.ts';

const codeHeader = 'x-immich-auth-setup-code';

/** Headers that proxies add. */
const proxyHeaders =
	/^(forwarded|via|client-ip|cf-connecting-ip|fastly-client-ip|true-client-ip|x-real-ip|x-client-ip|x-cluster-client-ip|x-forwarded(-.*)?|x-original-.*|x-envoy-.*)$/;

const loopbackAddress = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
const loopbackHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/**
 * Whether a request comes from a program on this machine, not through a proxy or from another site's page whose name
 * resolves here. nginx uses HTTP/1.0 by default.
 */
export function isLocalRequest({ peer, httpVersion }: Connection, headers: Headers): boolean {
	if (!loopbackAddress.test(peer) || httpVersion === '1.0') return false;
	if ([...headers.keys()].some((name) => proxyHeaders.test(name))) return false;
	const pages = [headers.get('origin'), headers.get('referer')].flatMap((page) =>
		page === null ? [] : [getHost(page)]
	);
	return [headers.get('host') ?? '', ...pages].every((host) => loopbackHost.test(host));
}

function getHost(page: string): string {
	return URL.canParse(page) ? new URL(page).host : '';
}

/** Returns what proves that a request may set up the server. */
export const getSetupSender = ({ request: { headers }, platform, getClientAddress }: RequestEvent) => ({
	// The development server passes no connection, and knows no proxies.
	isLocal: isLocalRequest(platform?.connection ?? { peer: getClientAddress(), httpVersion: '1.1' }, headers),
	header: headers.get(codeHeader) ?? undefined
});
