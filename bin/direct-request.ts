import type { IncomingMessage } from 'node:http';
import { localHeader } from '#lib/server/platform/http/local-request.ts';

/** Headers that proxies add. */
const proxyHeaders =
	/^(forwarded|via|client-ip|cf-connecting-ip|fastly-client-ip|true-client-ip|x-real-ip|x-client-ip|x-cluster-client-ip|x-forwarded(-.*)?|x-original-.*|x-envoy-.*)$/;

const loopbackAddress = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
const loopbackHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/**
 * Whether a request comes from a program on this machine, not through a proxy or from another site's page whose name
 * resolves here. nginx uses HTTP/1.0 by default.
 */
function isDirect({ socket, headers, httpVersion }: IncomingMessage): boolean {
	if (!loopbackAddress.test(socket.remoteAddress ?? '') || httpVersion === '1.0') return false;
	if (Object.keys(headers).some((name) => proxyHeaders.test(name))) return false;
	const pages = [headers.origin, headers.referer].flatMap((page) => (page === undefined ? [] : [getHost(page)]));
	return [headers.host ?? '', ...pages].every((host) => loopbackHost.test(host));
}

function getHost(page: string): string {
	return URL.canParse(page) ? new URL(page).host : '';
}

/** Marks a request as direct or not; must run before the forwarded headers are read and our own are added. */
export function markDirect(request: IncomingMessage): void {
	request.headers[localHeader] = isDirect(request) ? 'yes' : 'no';
}
