import { isHttpError, isRedirect, type RequestEvent } from '@sveltejs/kit';
import { operations, type OperationId } from '#lib/contract/index.ts';
import { isBinary, isFile, isStreamed, type Operation, type OperationReply } from '#lib/contract/operation.ts';
import type { AppError } from '../errors.ts';
import { sendBinary } from './binary.ts';
import { defaultMaxBytes, readBody, readMultipart } from './body.ts';
import { sendJson } from './etag.ts';
import { toLoggedPath } from './logged-path.ts';
import { buildBodilessCall, buildCall, type BodilessCall, type Call, type OperationById } from './operation-call.ts';
import { renderReply } from './rendered-json.ts';
import { sendFile, streamArray } from './stream.ts';
import { toAppError, toErrorResponse } from './error-response.ts';

type Run<Id extends OperationId> = (
	call: Call<Id>
) => OperationReply<OperationById<Id>> | Promise<OperationReply<OperationById<Id>>>;

/** What has arrived of a streamed body. */
export interface Received {
	/** The fields and files, by name. */
	readonly fields: Readonly<Record<string, unknown>>;
	/** Removes the files that the handler hasn't moved. */
	readonly discard: () => Promise<void>;
}

/**
 * Reads the body of a streamed operation, or replies without reading it.
 * @returns what has arrived, or the reply
 */
export type Receive<Id extends OperationId> = (
	call: BodilessCall<Id>
) => Promise<Received | { readonly reply: OperationReply<OperationById<Id>> }>;

/** Serves an operation as a REST endpoint: parses the request, and sends only what the contract declares. */
export const endpoint =
	<Id extends OperationId>(id: Id, run: Run<Id>, receive?: Receive<Id>) =>
	async (event: RequestEvent): Promise<Response> => {
		const operation: Operation = operations[id];
		try {
			if (receive) return await answerStreamed(event, id, run, receive);
			const body = operation.body && (await readRequestBody(event.request, operation));
			if (operation.body) await event.locals.reauthorize();
			const reply: unknown = await run(buildCall(event, id, body, undefined));
			return await answer(event, id, reply);
		} catch (thrown) {
			if (isRedirect(thrown) || isHttpError(thrown)) throw thrown;
			const error = toAppError(thrown, id);
			report(event, id, error);
			return toErrorResponse(error, operation);
		}
	};

async function answerStreamed<Id extends OperationId>(
	event: RequestEvent,
	id: Id,
	run: Run<Id>,
	receive: Receive<Id>
): Promise<Response> {
	const received = await receive(buildBodilessCall(event, id));
	if ('reply' in received) return answer(event, id, received.reply);
	try {
		await event.locals.reauthorize();
		const reply: unknown = await run(buildCall(event, id, received.fields, undefined));
		return await answer(event, id, reply);
	} finally {
		await received.discard();
	}
}

async function readRequestBody(
	request: Request,
	{ body, multipart, maxBytes = defaultMaxBytes, maxValues }: Operation
): Promise<unknown> {
	if (multipart) return Object.fromEntries(await readMultipart(request, maxBytes));
	const sent = await readBody(request, maxBytes, maxValues);
	// If none of its fields is required, the body itself isn't either.
	return sent === undefined && body?.safeParse({}).success ? {} : sent;
}

async function answer(event: RequestEvent, id: OperationId, reply: unknown): Promise<Response> {
	const operation: Operation = operations[id];
	// A failure after the first part was sent can only be logged, and the connection aborted.
	const onFailure = (thrown: unknown) => report(event, id, toAppError(thrown, id));
	if (operation.reply === undefined) return new Response(null, { status: operation.status ?? 204 });
	const status = operation.statusOf?.(reply as never) ?? operation.status ?? 200;
	if (isFile(operation.reply)) return sendFile(reply, onFailure);
	if (isStreamed(operation.reply)) return streamArray(event.request, operation.reply.stream, reply, status, onFailure);
	if (isBinary(operation.reply)) return sendBinary(event.request, reply, status);
	return sendJson(event.request, renderReply(operation.reply, reply), status, event.locals.version);
}

/** Logs server errors, whose cause is hidden from the caller. */
export function report({ locals, url }: RequestEvent, operation: OperationId | null, error: AppError): void {
	if (error.status < 500) return;
	const { cause } = error;
	const reason = cause instanceof Error ? { name: cause.name, message: cause.message, stack: cause.stack } : cause;
	const location = operation === null ? { path: toLoggedPath(url.pathname) } : { operation };
	locals.container.log.error({ correlationId: locals.correlationId, ...location, reason }, error.message);
}
