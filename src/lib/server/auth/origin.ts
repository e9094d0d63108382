import { isIP } from 'node:net';
import type { RecordedOrigin } from '../repositories/audit.repository.ts';
import type { Device } from './device.ts';

/** Where a request came from; for session rows, logs and the audit log. */
export interface Origin {
	readonly address: string;
	/** Worked out when it is asked for, which most requests never do. */
	readonly device: Device;
	/** Names the program that sent it, in so far as that says who it is; worked out as late. */
	readonly client: string | null;
	/** Names the request in answers and logs. */
	readonly correlationId: string;
}

/** Makes of an origin what is recorded of it. A proxy may send something that is no address: it is left out. */
export function recordedOrigin({ address, client, correlationId }: Origin): RecordedOrigin {
	const [unzoned = ''] = address.replace(/^::ffff:(?=\d+\.)/i, '').split('%');
	return { address: isIP(unzoned) === 0 ? null : unzoned, client, correlationId };
}
