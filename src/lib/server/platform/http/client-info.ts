import type { RequestEvent } from '@sveltejs/kit';
import { createClientInfo, type ClientInfo } from '../caller/client-info.ts';

/** Returns the client info of a request, created once. */
export const getClientInfo = ({ request, getClientAddress, locals }: RequestEvent): ClientInfo =>
	(locals.clientInfo ??= createClientInfo(
		request.headers,
		getClientAddress(),
		locals.correlationId,
		() => request.signal
	));
