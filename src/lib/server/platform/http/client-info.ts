import type { RequestEvent } from '@sveltejs/kit';
import { createClientInfo, type ClientInfo } from '../caller/client-info.ts';
import { getDisconnectSignal } from './disconnect-signal.ts';

/** Returns the client info of a request. */
export const getClientInfo = (event: RequestEvent): ClientInfo =>
	createClientInfo(
		event.request.headers,
		event.getClientAddress(),
		event.locals.correlationId,
		getDisconnectSignal(event.platform)
	);
