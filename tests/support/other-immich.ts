import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { afterEach } from 'vitest';
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

/** Returns a function that returns the address of a server, which is closed after the test. */
export function useListening(): (listening: Promise<Listening>) => Promise<string> {
	const opened: Listening[] = [];
	afterEach(async () => {
		await Promise.all(opened.splice(0).map(({ close }) => close()));
	});
	return async (listening) => {
		const server = await listening;
		opened.push(server);
		return server.url;
	};
}

/** Sends JSON. */
export const sendJson = (response: ServerResponse, body: unknown, status = 200): void => {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

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
	sendJson(response, { api: { endpoint: '/api' } });
	return true;
}
