import { isIP } from 'node:net';
import { parse } from 'cookie';
import { parseClient, parseDevice, type Device } from './device.ts';
import { parseKnownClient } from './known-client.ts';

/** Client info of a request; for session rows, logs and the audit log. */
export interface ClientInfo {
	readonly address: string;
	/** The secret of a browser used for an earlier sign-in; null if none is sent. */
	readonly browser: string | null;
	/** Aborted when the client disconnects before the response. */
	readonly disconnectSignal?: AbortSignal | undefined;
	/** Computed lazily; most requests never need it. */
	readonly device: Device;
	/** The client program, as far as it identifies itself; also lazy. */
	readonly client: string | null;
	/** Like `client`, but only known names, for messages to users. */
	readonly knownClient: string | null;
	/** Identifies the request in responses and logs. */
	readonly correlationId: string;
}

/** Holds a browser's secret, by which sign-ins distinguish it from password guessers. */
export const browserCookie = 'immich_auth_browser';
const browserSecret = /^[\w-]{43}$/;

function readBrowserSecret(headers: Headers): string | null {
	const secret = parse(headers.get('cookie') ?? '')[browserCookie];
	return secret !== undefined && browserSecret.test(secret) ? secret : null;
}

/** Returns the client info of a request or websocket handshake. */
export const createClientInfo = (
	headers: Headers,
	address: string,
	correlationId: string,
	disconnectSignal?: AbortSignal
): ClientInfo => ({
	address,
	disconnectSignal,
	correlationId,
	get browser() {
		return readBrowserSecret(headers);
	},
	get device() {
		return parseDevice(headers);
	},
	get client() {
		return parseClient(headers);
	},
	get knownClient() {
		return parseKnownClient(headers);
	}
});

/** Returns the part of the client info that is recorded. A proxy may send an invalid address, which is omitted. */
export function toRecordedClientInfo({
	address,
	client,
	correlationId
}: ClientInfo): Pick<ClientInfo, 'client' | 'correlationId'> & { readonly address: string | null } {
	const [unzoned = ''] = address.replace(/^::ffff:(?=\d+\.)/i, '').split('%');
	return { address: isIP(unzoned) === 0 ? null : unzoned, client, correlationId };
}
