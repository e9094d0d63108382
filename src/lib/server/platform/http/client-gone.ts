import type { IncomingMessage, ServerResponse } from 'node:http';

const key = Symbol.for('immich-auth.gone');

/** Gives a request a signal that is aborted when the client goes away before the answer is out. Kit's own isn't, once the body is in. */
export function markGone(request: IncomingMessage, response: ServerResponse): void {
	const controller = new AbortController();
	response.once('close', () => {
		if (!response.writableFinished) controller.abort();
	});
	Object.assign(request, { [key]: controller.signal });
}

/** Finds that signal in the request that adapter-node hands on. */
export function goneSignalOf(platform: unknown): AbortSignal | undefined {
	const signal = fieldOf(fieldOf(platform, 'req'), key);
	return signal instanceof AbortSignal ? signal : undefined;
}

const fieldOf = (value: unknown, name: string | symbol): unknown =>
	typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
