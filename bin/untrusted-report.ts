import type { IncomingHttpHeaders } from 'node:http';
import proxyAddress from 'proxy-addr';
import type { Log } from '#lib/server/platform/log.ts';

/** Headers that proxies send; ignored from an untrusted peer. */
const forwardedHeaders = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'];
/** Each peer is logged once, up to this many, because anyone can send these headers. */
const maxNamedPeers = 10;

/** Returns a function that logs which untrusted peers send X-Forwarded headers, and what to do about it. */
export function createUntrustedReport(
	trustedProxies: readonly string[],
	log: Pick<Log, 'warn'>
): (request: { headers: IncomingHttpHeaders; socket: { remoteAddress?: string | undefined } }) => void {
	const isTrusted = proxyAddress.compile(trustedProxies.filter((entry) => entry !== ''));
	const named = new Set<string>();
	return ({ headers, socket }) => {
		const peer = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
		if (named.size >= maxNamedPeers || named.has(peer)) return;
		if (!forwardedHeaders.some((name) => headers[name] !== undefined) || isTrusted(peer, 0)) return;
		named.add(peer);
		log.warn(
			{ peer },
			'Ignored X-Forwarded headers from a peer that is not a trusted proxy. If it is your reverse proxy, add its address to IMMICH_TRUSTED_PROXIES.'
		);
	};
}
