import type { RequestEvent } from '@sveltejs/kit';
import { originFrom, type Origin } from '../caller/client-info.ts';
import { goneSignalOf } from './client-gone.ts';

/** Returns the client info of a request. */
export const originOf = (event: RequestEvent): Origin =>
	originFrom(event.request.headers, event.getClientAddress(), event.locals.correlationId, goneSignalOf(event.platform));
