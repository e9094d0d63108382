import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import proxyAddress from 'proxy-addr';
import type { RequestSource } from '#lib/server/platform/caller/request-site.ts';

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
	const unquoted = node.replaceAll('"', '').trim();
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

const saneHost = /^[\w.:[\]-]{1,255}$/;
const getFirst = (value: string | string[] | undefined) => [value].flat()[0]?.split(',')[0]?.trim();
/** Some proxies send a websocket's own scheme. */
const isSecure = (protocol: string | undefined): boolean => /^(?:https|wss)$/i.test(protocol ?? '');

/** Headers that proxies send; ignored from an untrusted peer. */
const forwardedHeaders = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'] as const;

/** The other end of a connection, read once per connection. */
interface Peer {
	readonly address: string;
	readonly isTrusted: boolean;
}

/**
 * Returns a function that reads a request's true source: from its connection, or from X-Forwarded-* if the peer is a trusted
 * proxy.
 * @param onIgnored called with the peer's address for each request whose X-Forwarded headers are ignored
 * @throws {Error} if an entry is no address or network
 */
export function createSourceReader(
	trustedProxies: readonly string[],
	onIgnored: (peer: string) => void
): (request: IncomingMessage) => RequestSource {
	const compiled = proxyAddress.compile([...trustedProxies].filter((entry) => entry !== ''));
	const isTrusted = (address: string) => compiled(address, 0);
	const peers = new WeakMap<Socket, Peer>();
	function readPeer(socket: Socket): Peer {
		const known = peers.get(socket);
		if (known) return known;
		const remote = socket.remoteAddress ?? '';
		const peer = { address: readAddress(remote) ?? remote, isTrusted: isTrusted(remote) };
		peers.set(socket, peer);
		return peer;
	}
	return ({ socket, headers }) => {
		const peer = readPeer(socket);
		const isForwarded = forwardedHeaders.some((name) => headers[name] !== undefined);
		if (!isForwarded) return { origin: toOrigin(undefined, headers.host), address: peer.address };
		if (!peer.isTrusted) {
			onIgnored(peer.address);
			return { origin: toOrigin(undefined, headers.host), address: peer.address };
		}
		const forwardedFor = [headers['x-forwarded-for'] ?? ''].flat().join(',');
		return {
			origin: toOrigin(getFirst(headers['x-forwarded-proto']), getFirst(headers['x-forwarded-host']) ?? headers.host),
			address: clientAddress(peer.address, forwardedFor, isTrusted)
		};
	};
}

const toOrigin = (protocol: string | undefined, host = ''): string =>
	`${isSecure(protocol) ? 'https' : 'http'}://${saneHost.test(host) ? host : 'localhost'}`;
