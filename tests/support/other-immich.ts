import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

type Handler = (incoming: IncomingMessage, response: ServerResponse) => boolean;

/** A server on a free port. */
export interface Listening {
	readonly url: string;
	readonly close: () => Promise<void>;
}

/** Listens on a free port of localhost. */
export async function listen(
	handle: (incoming: IncomingMessage, response: ServerResponse) => void
): Promise<Listening> {
	const server = createServer(handle).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${String(port)}`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		}
	};
}

/**
 * Passes requests on to our server, but for those that are handled here; without any, its discovery document is that of
 * another Immich.
 */
export const listenBefore = (target: string, handle: Handler = sayOtherImmich): Promise<Listening> =>
	listen((incoming, response) => {
		if (handle(incoming, response)) return;
		const { host: _host, ...headers } = incoming.headers;
		const passed = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers }, (answer) => {
			response.writeHead(answer.statusCode ?? 500, answer.headers);
			answer.pipe(response);
		});
		incoming.pipe(passed);
	});

function sayOtherImmich({ url }: IncomingMessage, response: ServerResponse): boolean {
	if (url !== '/.well-known/immich') return false;
	response.setHeader('content-type', 'application/json');
	response.end(JSON.stringify({ api: { endpoint: '/api' } }));
	return true;
}
