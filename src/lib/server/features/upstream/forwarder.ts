import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { errors, Pool } from 'undici';
import { toReturnedHeaders } from './forwarded-headers.ts';
import { upstreamTooSlow, upstreamUnreachable } from './errors.ts';

const connectTimeoutMs = 5_000;
/** How long Immich can take between the end of a request and the start of its response. */
const headersTimeoutMs = 120_000;
/** How long an upload can make no progress. */
const stalledMs = 120_000;

/** A request that is passed on unchanged but for its headers. */
export interface Forwarded {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	/** Path and query as sent. */
	readonly target: string;
	/** Names and values in turn. */
	readonly headers: string[];
}

/** Ends a forwarded request. */
export class Cut extends EventEmitter {
	isDone = false;

	now(): void {
		if (this.isDone) return;
		this.isDone = true;
		this.emit('abort');
	}
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
	headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Passes requests on to Immich, both bodies streamed: docs/decisions/039. */
export class Forwarder {
	readonly #pool: Pool;

	/** @param origin scheme, host and port of Immich */
	constructor(origin: string) {
		this.#pool = new Pool(origin, { connect: { timeout: connectTimeoutMs }, headersTimeout: headersTimeoutMs });
	}

	/**
	 * Passes a request on, and the response back; resolves when both have ended. After the response has started, a failure of
	 * either side cuts the other one off.
	 * @throws {AppError} 502 if Immich can't be reached or sends no response, 504 if it takes too long
	 */
	async forward(forwarded: Forwarded, cut: Cut): Promise<void> {
		const { request, response } = forwarded;
		response.on('error', () => undefined);
		response.once('close', () => cut.now());
		if (hasBody(request)) request.setTimeout(stalledMs, () => !request.complete && cut.now());
		try {
			await this.#send(forwarded, cut);
		} catch (error) {
			if (cut.isDone || response.headersSent) response.destroy();
			else if (error instanceof errors.HeadersTimeoutError) throw upstreamTooSlow(error);
			else throw upstreamUnreachable(error);
		} finally {
			// Whatever Immich has not read is discarded: bin/discard-rest.ts.
			if (!request.complete) setImmediate(() => request.resume());
		}
	}

	async stop(): Promise<void> {
		await this.#pool.destroy();
	}

	async #send(forwarded: Forwarded, cut: Cut): Promise<void> {
		const { request, response } = forwarded;
		try {
			await this.#sendOnce(forwarded, cut);
		} catch (error) {
			// Immich may close an idle connection in the moment in which it is used again.
			const isLost = error instanceof errors.SocketError || getCode(error) === 'ECONNRESET';
			const isRepeatable = ['GET', 'HEAD'].includes(request.method ?? '') && !hasBody(request);
			if (!isLost || !isRepeatable || cut.isDone || response.headersSent) throw error;
			await this.#sendOnce(forwarded, cut);
		}
	}

	async #sendOnce({ request, response, target, headers }: Forwarded, cut: Cut): Promise<void> {
		await this.#pool.stream(
			{
				path: target,
				method: request.method ?? 'GET',
				headers,
				body: hasBody(request) ? toBody(request) : null,
				signal: cut,
				responseHeaders: 'raw'
			},
			({ statusCode, headers: returned }) => {
				// With `raw`, these are names and values in turn, unlike their type.
				response.writeHead(statusCode, toReturnedHeaders(returned as unknown as string[]));
				return response;
			}
		);
	}
}

/** undici destroys a body that it needs no longer; without this, the client's connection would go with it. */
const toBody = (request: IncomingMessage): Readable => request.pipe(new PassThrough());

const getCode = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
