import type { RequestEvent } from '@sveltejs/kit';
import { clientOf, deviceOf } from '../auth/device.ts';
import type { Origin } from '../auth/origin.ts';

/** Tells where a request came from. */
export function originOf(event: RequestEvent): Origin {
	const { headers } = event.request;
	return {
		address: event.getClientAddress(),
		correlationId: event.locals.correlationId,
		get device() {
			return deviceOf(headers);
		},
		get client() {
			return clientOf(headers);
		}
	};
}
