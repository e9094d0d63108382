import type { IncomingMessage, ServerResponse } from 'node:http';

const longestMs = 10_000;

/**
 * Drains the body if the response was sent before all of it arrived, such as for a refused upload. Otherwise the client
 * could not finish sending, and the next request on the same connection would wait forever.
 */
export function discardRest(request: IncomingMessage, response: ServerResponse): void {
	const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
	if (length === undefined && coding === undefined) return;
	response.once('finish', () => {
		if (request.complete) return;
		request.removeAllListeners('data');
		request.resume();
		const cut = setTimeout(() => request.socket.destroy(), longestMs);
		request.once('close', () => clearTimeout(cut));
		request.once('end', () => clearTimeout(cut));
	});
}
