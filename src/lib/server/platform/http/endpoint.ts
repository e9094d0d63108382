import { isHttpError, isRedirect, type RequestEvent } from '@sveltejs/kit';
import { operations, type OperationId } from '#lib/contract/index.ts';
import { isBinary, isFile, isStreamed, type Operation, type ReplyOf } from '#lib/contract/operation.ts';
import type { AppError } from '../errors.ts';
import { sendBinary } from './binary.ts';
import { defaultMaxBytes, readBody, readMultipart } from './body.ts';
import { sendJson } from './etag.ts';
import { callOf, type Call, type Row } from './operation-call.ts';
import { sendFile, streamArray } from './stream.ts';
import { toAppError, toWire } from './error-response.ts';

type Run<Id extends OperationId> = (call: Call<Id>) => ReplyOf<Row<Id>> | Promise<ReplyOf<Row<Id>>>;

/** Serves an operation as a REST endpoint: parses the request, and sends only what the contract declares. */
export const endpoint =
	<Id extends OperationId>(id: Id, run: Run<Id>) =>
	async (event: RequestEvent): Promise<Response> => {
		const row: Operation = operations[id];
		try {
			const body = row.body && (await bodyOf(event.request, row));
			if (row.body) await event.locals.readmit();
			const reply: unknown = await run(callOf(event, id, body, undefined));
			return await answer(event, id, reply);
		} catch (thrown) {
			if (isRedirect(thrown) || isHttpError(thrown)) throw thrown;
			const error = toAppError(thrown, id);
			report(event, id, error);
			return toWire(error);
		}
	};

async function bodyOf(
	request: Request,
	{ body, multipart, maxBytes = defaultMaxBytes, maxValues }: Operation
): Promise<unknown> {
	if (multipart) return Object.fromEntries(await readMultipart(request, maxBytes));
	const sent = await readBody(request, maxBytes, maxValues);
	// If none of its fields is required, the body itself isn't either.
	return sent === undefined && body?.safeParse({}).success ? {} : sent;
}

async function answer(event: RequestEvent, id: OperationId, reply: unknown): Promise<Response> {
	const row: Operation = operations[id];
	// A failure after the first part was sent can only be logged, and the connection aborted.
	const onFailure = (thrown: unknown) => report(event, id, toAppError(thrown, id));
	if (row.reply === undefined) return new Response(null, { status: row.status ?? 204 });
	const status = row.status ?? 200;
	if (isFile(row.reply)) return sendFile(reply, onFailure);
	if (isStreamed(row.reply)) return streamArray(event.request, row.reply.stream, reply, status, onFailure);
	if (isBinary(row.reply)) return sendBinary(event.request, reply, status);
	// Parsing the response drops every field that the contract doesn't declare.
	return sendJson(event.request, JSON.stringify(row.reply.parse(reply)), status, event.locals.version);
}

/** Logs server errors, whose cause is hidden from the caller. */
export function report({ locals, url }: RequestEvent, operation: OperationId | null, error: AppError): void {
	if (error.status < 500) return;
	const { cause } = error;
	const reason = cause instanceof Error ? { name: cause.name, message: cause.message, stack: cause.stack } : cause;
	const place = operation === null ? { path: url.pathname } : { operation };
	locals.container.log.error({ correlationId: locals.correlationId, ...place, reason }, error.message);
}
