import { isIP } from 'node:net';
import type { RecordedOrigin } from '../repositories/audit.repository.ts';
import type { Device } from './device.ts';

/** Where a request came from; for session rows, logs and the audit log. */
export interface Origin {
	readonly address: string;
	/** Worked out when it is asked for, which most requests never do. */
	readonly device: Device;
	/** Names the request in answers and logs. */
	readonly correlationId: string;
}

/** Names the program that sent a request: ‘Firefox on Linux’, ‘Immich app 2.4.1 on iOS’; null where it does not say. */
export function clientNameOf({ deviceType, deviceOS, appVersion }: Device): string | null {
	const program = appVersion === null ? deviceType : `Immich app ${appVersion}`;
	return [program, deviceOS].filter(Boolean).join(' on ') || null;
}

/** Makes of an origin what is recorded of it. A proxy may send something that is no address: it is left out. */
export function recordedOrigin({ address, device, correlationId }: Origin): RecordedOrigin {
	const [unzoned = ''] = address.replace(/^::ffff:(?=\d+\.)/i, '').split('%');
	return { address: isIP(unzoned) === 0 ? null : unzoned, client: clientNameOf(device), correlationId };
}
