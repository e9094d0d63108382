import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { IncomingMessage } from 'node:http';
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

/** Private headers that pass scheme, host and client address to adapter-node; client-sent values are overwritten. */
const headers = {
	protocol: 'x-immich-auth-protocol',
	host: 'x-immich-auth-host',
	address: 'x-immich-auth-address'
} as const;

/** Environment variables for adapter-node, set before it is loaded. */
export const originHeaders = {
	PROTOCOL_HEADER: headers.protocol,
	HOST_HEADER: headers.host,
	ADDRESS_HEADER: headers.address
};

/** Variables for adapter-node that other programs may have set; they would replace the address of every request. */
export const foreignOriginVariables = ['ORIGIN', 'PORT_HEADER'] as const;

const saneHost = /^[\w.:[\]-]{1,255}$/;
const getFirst = (value: string | string[] | undefined) => [value].flat()[0]?.split(',')[0]?.trim();
/** Some proxies send a websocket's own scheme. */
const isSecure = (protocol: string | undefined): boolean => /^(?:https|wss)$/i.test(protocol ?? '');

/**
 * Returns a function that writes a request's true origin into its headers: from the socket, or from X-Forwarded-* if the
 * peer is a trusted proxy. adapter-node alone would treat every request as https.
 */
export function createOrigin(trustedProxies: readonly string[]): (request: IncomingMessage) => void {
	const compiled = proxyAddress.compile([...trustedProxies].filter((entry) => entry !== ''));
	const isTrusted = (address: string) => compiled(address, 0);
	return (request) => {
		const peer = request.socket.remoteAddress ?? '';
		const isProxied = isTrusted(peer);
		const forwarded = (name: string) => (isProxied ? getFirst(request.headers[name]) : undefined);
		const host = forwarded('x-forwarded-host') ?? request.headers.host ?? '';
		request.headers[headers.protocol] = isSecure(forwarded('x-forwarded-proto')) ? 'https' : 'http';
		request.headers[headers.host] = saneHost.test(host) ? host : 'localhost';
		const forwardedFor = [request.headers['x-forwarded-for'] ?? ''].flat().join(',');
		request.headers[headers.address] = clientAddress(peer, forwardedFor, isTrusted);
	};
}

/** Reads the origin back from a request, for requests that adapter-node does not serve. */
export function readRequestSource({ headers: sent }: IncomingMessage): RequestSource {
	const written = (name: string) => getFirst(sent[name]) ?? '';
	return { origin: `${written(headers.protocol)}://${written(headers.host)}`, address: written(headers.address) };
}
