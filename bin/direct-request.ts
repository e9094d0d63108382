import type { IncomingMessage } from 'node:http';
import { localHeader } from '#lib/server/platform/http/local-request.ts';

/** By these a proxy tells for whom it asks. */
const proxyHeaders =
	/^(forwarded|via|client-ip|cf-connecting-ip|fastly-client-ip|true-client-ip|x-real-ip|x-client-ip|x-cluster-client-ip|x-forwarded(-.*)?|x-original-.*|x-envoy-.*)$/;

const loopbackAddress = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
const loopbackHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/**
 * Tells whether a request comes from a program on this machine, and not through a proxy or from a page of another site whose name
 * leads here. nginx asks in HTTP/1.0 unless told otherwise.
 */
function isDirect({ socket, headers, httpVersion }: IncomingMessage): boolean {
	if (!loopbackAddress.test(socket.remoteAddress ?? '') || httpVersion === '1.0') return false;
	if (Object.keys(headers).some((name) => proxyHeaders.test(name))) return false;
	const pages = [headers.origin, headers.referer].flatMap((page) => (page === undefined ? [] : [hostOf(page)]));
	return [headers.host ?? '', ...pages].every((host) => loopbackHost.test(host));
}

function hostOf(page: string): string {
	return URL.canParse(page) ? new URL(page).host : '';
}

/** Writes into a request whether it is direct; must run before the forwarded headers are read and our own are added. */
export function markDirect(request: IncomingMessage): void {
	request.headers[localHeader] = isDirect(request) ? 'yes' : 'no';
}
