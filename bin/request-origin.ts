import type { IncomingMessage } from 'node:http';
import proxyAddress from 'proxy-addr';
import type { RequestSource } from '#lib/server/platform/caller/request-site.ts';
import { clientAddress } from './forwarded-address.ts';

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
