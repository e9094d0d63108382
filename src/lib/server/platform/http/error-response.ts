import { isDatabaseUnavailable } from '../database/prisma-errors.ts';
import { AppError, databaseUnreachable, unexpected } from '../errors.ts';
import { jsonType } from './etag.ts';

/**
 * Immich's message for a failure inside a handler: `Failed to update my user`.
 * Source: docs/wire-reference/errors.md#unexpected-failures.
 */
const failedTo = (operation: string | null) =>
	operation
		? `Failed to ${operation.replace(/[A-Z]+/g, (capitals) => ` ${capitals}`).toLowerCase()}`
		: 'Internal server error';

/** Converts anything thrown to an AppError. */
export function toAppError(error: unknown, operation: string | null): AppError {
	if (error instanceof AppError) return error;
	return isDatabaseUnavailable(error) ? databaseUnreachable(error) : unexpected(failedTo(operation), error);
}

/** Converts an error to the response that clients see: `{ message, errors? }`. */
export function toErrorResponse({ status, message, details }: AppError): Response {
	const body = JSON.stringify({ message, ...(details.issues && { errors: details.issues }) });
	const headers = new Headers({ vary: 'Accept-Encoding', 'content-type': jsonType });
	headers.set('content-length', String(Buffer.byteLength(body)));
	if (details.retryAfterSeconds !== undefined) headers.set('retry-after', String(details.retryAfterSeconds));
	return new Response(body, { status, headers });
}
