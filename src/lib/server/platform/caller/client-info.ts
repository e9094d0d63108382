import { isIP } from 'node:net';
import { parse } from 'cookie';
import { clientOf, deviceOf, type Device } from './device.ts';
import { knownClientOf } from './known-client.ts';

/** Client info of a request; for session rows, logs and the audit log. */
export interface Origin {
	readonly address: string;
	/** The secret of a browser used for an earlier sign-in; null if none is sent. */
	readonly browser: string | null;
	/** Aborted when the client disconnects before the response. */
	readonly gone?: AbortSignal | undefined;
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

function browserOf(headers: Headers): string | null {
	const secret = parse(headers.get('cookie') ?? '')[browserCookie];
	return secret !== undefined && browserSecret.test(secret) ? secret : null;
}

/** Returns the client info of a request or websocket handshake. */
export const originFrom = (headers: Headers, address: string, correlationId: string, gone?: AbortSignal): Origin => ({
	address,
	gone,
	correlationId,
	get browser() {
		return browserOf(headers);
	},
	get device() {
		return deviceOf(headers);
	},
	get client() {
		return clientOf(headers);
	},
	get knownClient() {
		return knownClientOf(headers);
	}
});

/** Returns the part of the client info that is recorded. A proxy may send an invalid address, which is omitted. */
export function recordedOrigin({
	address,
	client,
	correlationId
}: Origin): Pick<Origin, 'client' | 'correlationId'> & { readonly address: string | null } {
	const [unzoned = ''] = address.replace(/^::ffff:(?=\d+\.)/i, '').split('%');
	return { address: isIP(unzoned) === 0 ? null : unzoned, client, correlationId };
}
