import { isIP } from 'node:net';
import { parse } from 'cookie';
import type { RecordedOrigin } from '#lib/server/features/audit/index.ts';
import { clientOf, deviceOf, type Device } from './device.ts';
import { knownClientOf } from './known-client.ts';

/** Where a request came from; for session rows, logs and the audit log. */
export interface Origin {
	readonly address: string;
	/** The secret of a browser in which somebody has signed in before; null where it sends none. */
	readonly browser: string | null;
	/** Aborted when the client has gone away without waiting for the answer. */
	readonly gone?: AbortSignal | undefined;
	/** Worked out when it is asked for, which most requests never do. */
	readonly device: Device;
	/** Names the program that sent it, in so far as that says who it is; worked out as late. */
	readonly client: string | null;
	/** The same by names that are known here, for what a user is told. */
	readonly knownClient: string | null;
	/** Names the request in answers and logs. */
	readonly correlationId: string;
}

/** Holds a browser's secret, by which sign-ins tell it from others that guess passwords. */
export const browserCookie = 'immich_auth_browser';
const browserSecret = /^[\w-]{43}$/;

function browserOf(headers: Headers): string | null {
	const secret = parse(headers.get('cookie') ?? '')[browserCookie];
	return secret !== undefined && browserSecret.test(secret) ? secret : null;
}

/** Tells where a request, or the handshake of a websocket, came from. */
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

/** Makes of an origin what is recorded of it. A proxy may send something that is no address: it is left out. */
export function recordedOrigin({ address, client, correlationId }: Origin): RecordedOrigin {
	const [unzoned = ''] = address.replace(/^::ffff:(?=\d+\.)/i, '').split('%');
	return { address: isIP(unzoned) === 0 ? null : unzoned, client, correlationId };
}
