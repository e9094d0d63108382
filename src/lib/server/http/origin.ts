import type { RequestEvent } from '@sveltejs/kit';
import { originFrom, type Origin } from '../auth/origin.ts';
import { goneSignalOf } from './gone.ts';

/** Tells where a request came from. */
export const originOf = (event: RequestEvent): Origin =>
	originFrom(event.request.headers, event.getClientAddress(), event.locals.correlationId, goneSignalOf(event.platform));
