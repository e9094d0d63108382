import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Maximum number of proxy hops followed. */
const maxHops = 32;
const longestEntry = 100;

/**
 * Parses an address as proxies write it: with a port, brackets, quotes or a zone, as IPv4 inside IPv6, or in RFC 7239
 * syntax. Returns null for anything else.
 */
export function readAddress(entry: string): string | null {
	if (entry.length > longestEntry) return null;
	const [node = ''] = entry.trim().replace(/^for=/i, '').split(';');
	const unquoted = node
		.trim()
		.replace(/^"(.*)"$/, '$1')
		.trim();
	const bracketed = /^\[([^[\]]+)\](?::[\w.-]*)?$/.exec(unquoted)?.[1];
	// A dual-stack socket has addresses such as ::ffff:192.0.2.1.
	const withPort = /^((?:::ffff:)?[\d.]+):[\w.-]*$/i.exec(unquoted)?.[1];
	const [bare = ''] = (bracketed ?? withPort ?? unquoted).split('%');
	return isIP(bare) === 0 ? null : ipaddr.process(bare).toString();
}

/**
 * Returns the client's address: the last one that a trusted proxy vouches for. Stops at an unreadable entry, so that the
 * nearest proxy's address counts and limits still apply.
 */
export function clientAddress(peer: string, forwardedFor: string, isTrusted: (address: string) => boolean): string {
	const entries = forwardedFor
		.split(',')
		.filter((entry) => entry.trim() !== '')
		.slice(-maxHops)
		.reverse();
	let address = readAddress(peer) ?? peer;
	for (const entry of entries) {
		const next = isTrusted(address) ? readAddress(entry) : null;
		if (next === null) break;
		address = next;
	}
	return address;
}
