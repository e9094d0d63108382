import type { IncomingMessage } from 'node:http';
import proxyAddress from 'proxy-addr';
import type { RequestSource } from '#lib/server/app/lifecycle.ts';
import { clientAddress } from './forwarded-address.ts';

/** Private headers by which adapter-node learns scheme, host and client address; whatever a client sends there is dropped. */
const headers = {
	protocol: 'x-immich-auth-protocol',
	host: 'x-immich-auth-host',
	address: 'x-immich-auth-address'
} as const;

/** What adapter-node is told through its environment before it is loaded. */
export const originHeaders = {
	PROTOCOL_HEADER: headers.protocol,
	HOST_HEADER: headers.host,
	ADDRESS_HEADER: headers.address
};

const saneHost = /^[\w.:[\]-]{1,255}$/;
const firstOf = (value: string | string[] | undefined) => [value].flat()[0]?.split(',')[0]?.trim();
/** Some proxies name a websocket's own scheme. */
const isSecure = (protocol: string | undefined): boolean => /^(?:https|wss)$/i.test(protocol ?? '');

/**
 * Makes the function that writes a request's true origin into it: from the socket, or from X-Forwarded-* where the
 * peer is a trusted proxy. adapter-node alone would take every request for https.
 */
export function createOrigin(trustedProxies: readonly string[]): (request: IncomingMessage) => void {
	const compiled = proxyAddress.compile([...trustedProxies].filter((entry) => entry !== ''));
	const isTrusted = (address: string) => compiled(address, 0);
	return (request) => {
		const peer = request.socket.remoteAddress ?? '';
		const isProxied = isTrusted(peer);
		const forwarded = (name: string) => (isProxied ? firstOf(request.headers[name]) : undefined);
		const host = forwarded('x-forwarded-host') ?? request.headers.host ?? '';
		request.headers[headers.protocol] = isSecure(forwarded('x-forwarded-proto')) ? 'https' : 'http';
		request.headers[headers.host] = saneHost.test(host) ? host : 'localhost';
		const forwardedFor = [request.headers['x-forwarded-for'] ?? ''].flat().join(',');
		request.headers[headers.address] = clientAddress(peer, forwardedFor, isTrusted);
	};
}

/** Reads what was written into a request: for what adapter-node does not serve. */
export function sourceOf({ headers: sent }: IncomingMessage): RequestSource {
	const written = (name: string) => firstOf(sent[name]) ?? '';
	return { origin: `${written(headers.protocol)}://${written(headers.host)}`, address: written(headers.address) };
}
