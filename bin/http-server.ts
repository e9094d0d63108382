import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long requests that are being answered may take when the server stops. */
const graceMs = 3_000;
/** Headers that arrive too slowly are cut off, and looked for this often. */
const headersTimeout = 30_000;
const connectionsCheckingInterval = 5_000;
/** What Node reports where the host has no IPv6 at all. */
const withoutIpv6 = ['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT'];

/** An HTTP server that ends within a time, whatever its clients do. */
export class HttpServer {
	readonly server: Server;
	/** All connections, those that have become websockets included, which Node's server no longer counts as its own. */
	readonly #sockets = new Set<Socket>();
	#isStopping = false;

	constructor(listener: RequestListener) {
		this.server = createServer({ headersTimeout, connectionsCheckingInterval }, (request, response) => {
			if (this.#isStopping) response.setHeader('connection', 'close');
			listener(request, response);
		});
		// Longer than proxies keep an idle connection, so that none is cut while they reuse it.
		this.server.keepAliveTimeout = 75_000;
		this.server.on('connection', (socket) => {
			this.#sockets.add(socket);
			socket.once('close', () => this.#sockets.delete(socket));
		});
	}

	/** Listens, and answers the port; without a host on all addresses, of IPv4 alone where there is no IPv6. */
	async listen(host: string | undefined, port: number): Promise<number> {
		try {
			await this.#listenOn(host ?? '::', port);
		} catch (error) {
			if (host !== undefined || !withoutIpv6.includes(codeOf(error))) throw error;
			await this.#listenOn('0.0.0.0', port);
		}
		const address = this.server.address();
		return typeof address === 'object' && address ? address.port : port;
	}

	/** Answers what was asked before, for a while, and then cuts every connection. */
	async stop(): Promise<void> {
		this.#isStopping = true;
		const closed = new Promise((resolve) => this.server.close(resolve));
		this.server.closeIdleConnections();
		const grace = setTimeout(() => this.cut(), graceMs);
		await closed;
		clearTimeout(grace);
		this.cut();
	}

	cut(): void {
		for (const socket of this.#sockets) socket.destroy();
	}

	#listenOn(host: string, port: number): Promise<void> {
		const { server } = this;
		return new Promise((resolve, reject) => {
			const fail = (error: Error) => reject(error);
			server.once('error', fail).listen(port, host, () => {
				server.off('error', fail);
				resolve();
			});
		});
	}
}

const codeOf = (error: unknown): string =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
