import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestEvent } from '@sveltejs/kit';
import { createClientInfo, type ClientInfo } from '../caller/client-info.ts';

const key = Symbol.for('immich-auth.disconnect');

/**
 * Attaches a signal that aborts if the client disconnects before the response ends. SvelteKit's doesn't, once the body is read.
 */
export function attachDisconnectSignal(request: IncomingMessage, response: ServerResponse): void {
	const controller = new AbortController();
	response.once('close', () => {
		if (!response.writableFinished) controller.abort();
	});
	Object.assign(request, { [key]: controller.signal });
}

/** Returns that signal from the request that adapter-node passes on. */
function getDisconnectSignal(platform: unknown): AbortSignal | undefined {
	const signal = getField(getField(platform, 'req'), key);
	return signal instanceof AbortSignal ? signal : undefined;
}

const getField = (value: unknown, name: string | symbol): unknown =>
	typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** Returns the client info of a request. */
export const getClientInfo = (event: RequestEvent): ClientInfo =>
	createClientInfo(
		event.request.headers,
		event.getClientAddress(),
		event.locals.correlationId,
		getDisconnectSignal(event.platform)
	);
