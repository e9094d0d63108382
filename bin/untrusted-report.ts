import type { Log } from '#lib/server/platform/log.ts';

/** Each peer is logged once, up to this many, because anyone can send these headers. */
const maxNamedPeers = 10;

/** Returns a function that logs which untrusted peer sends X-Forwarded headers, and what to do about it. */
export function createUntrustedReport(log: Pick<Log, 'warn'>): (peer: string) => void {
	const named = new Set<string>();
	return (peer) => {
		if (named.size >= maxNamedPeers || named.has(peer)) return;
		named.add(peer);
		log.warn(
			{ peer },
			'Ignored X-Forwarded headers from a peer that is not a trusted proxy. If it is your reverse proxy, add its address to IMMICH_TRUSTED_PROXIES.'
		);
	};
}
