import { createServer, type Server } from 'node:http';
import type { AuditOutcome } from '#lib/contract/audit/audit.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { Measured, Metrics } from './metrics.ts';

interface Place {
	readonly host: string;
	readonly port: number;
}

/** Serves metrics if the environment asks for it. */
export async function createMetrics({ env, pool, store, passwords }: Platform<Measured['store']>) {
	const served = env.metrics && (await startMetrics(env.metrics, { pool, store, passwords }));
	return {
		/** Null if no metrics are served. */
		port: served?.port ?? null,
		observeRequest: (...observed: Parameters<Metrics['observeRequest']>): void => served?.observeRequest(...observed),
		countSignIn: (outcome: AuditOutcome): void => served?.countSignIn(outcome),
		...(served && { stop: { name: 'metrics', run: () => served.stop() } })
	} satisfies Feature;
}

/** A running metrics server, and how to stop it. */
export interface ServedMetrics extends Pick<Metrics, 'observeRequest' | 'countSignIn'> {
	/** The port it listens on. */
	readonly port: number;
	stop(): Promise<void>;
}

/**
 * Serves `GET /metrics` on a port of its own.
 * @throws {Error} if the port is in use, in one line
 */
export async function startMetrics({ host, port }: Place, measured: Measured): Promise<ServedMetrics> {
	// Most servers have no metrics port, so the library is loaded only if one is set.
	const { Metrics: LoadedMetrics } = await import('./metrics.ts');
	const metrics = new LoadedMetrics(measured);
	const server = createServer((request, response) => {
		if (request.url !== '/metrics' || request.method !== 'GET') return void response.writeHead(404).end();
		metrics.registry
			.metrics()
			.then((text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text))
			.catch(() => response.writeHead(503).end());
	});
	await listen(server, { host, port });
	const address = server.address();
	return {
		observeRequest: (...observed) => metrics.observeRequest(...observed),
		countSignIn: (outcome) => metrics.countSignIn(outcome),
		port: typeof address === 'object' && address ? address.port : port,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		}
	};
}

async function listen(server: Server, { host, port }: Place): Promise<void> {
	try {
		await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
	} catch (cause) {
		const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
		throw new Error(`IMMICH_AUTH_METRICS_PORT: ${host}:${port} cannot be used (${reason})`, { cause });
	}
	server.unref();
}
