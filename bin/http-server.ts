import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long requests in progress can take after the server starts to stop. */
const graceMs = 3_000;
/** Timeout for slow headers, and how often it is checked. */
const headersTimeout = 30_000;
/** A large video takes hours over a slow line. Whoever reads a body ends one that makes no progress. */
const requestTimeout = 0;
const connectionsCheckingInterval = 5_000;
/** Node's error codes on a host without IPv6. */
const withoutIpv6 = ['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT'];

/** An HTTP server that stops within a fixed time, whatever its clients do. */
export class HttpServer {
	readonly server: Server;
	/** All connections, including upgraded websockets, which Node's server no longer tracks. */
	readonly #sockets = new Set<Socket>();
	#isStopping = false;

	constructor(listener: RequestListener) {
		this.server = createServer({ headersTimeout, requestTimeout, connectionsCheckingInterval }, (request, response) => {
			if (this.#isStopping) response.setHeader('connection', 'close');
			listener(request, response);
		});
		// Longer than proxies keep idle connections, so that none is closed while being reused.
		this.server.keepAliveTimeout = 75_000;
		this.server.on('connection', (socket) => {
			this.#sockets.add(socket);
			socket.once('close', () => this.#sockets.delete(socket));
		});
	}

	/**
	 * Listens and returns the port; without a host on all addresses, or on IPv4 only if there is no IPv6.
	 * @throws {Error} if the port can't be opened
	 */
	async listen(host: string | undefined, port: number): Promise<number> {
		try {
			await this.#listenOn(host ?? '::', port);
		} catch (error) {
			if (host !== undefined || !withoutIpv6.includes(getErrorCode(error))) throw error;
			await this.#listenOn('0.0.0.0', port);
		}
		const address = this.server.address();
		return typeof address === 'object' && address ? address.port : port;
	}

	/** Finishes requests in progress within the grace period, then closes all connections. */
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

const getErrorCode = (error: unknown): string =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
