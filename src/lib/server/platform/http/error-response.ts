import type { Operation } from '#lib/contract/operation.ts';
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

/** The body of an error: `{ message, errors? }`, or OAuth's `{ error }`. */
function buildBody({ status, message, details }: AppError, { oauthErrors }: Pick<Operation, 'oauthErrors'>) {
	if (oauthErrors && status === 400) return { error: details.oauthError ?? 'invalid_request' };
	return { message, ...(details.issues && { errors: details.issues }) };
}

/** Converts an error to the response that clients see. */
export function toErrorResponse(error: AppError, operation: Pick<Operation, 'oauthErrors'> = {}): Response {
	const { status, details } = error;
	const body = JSON.stringify(buildBody(error, operation));
	const headers = new Headers({ vary: 'Accept-Encoding', 'content-type': jsonType });
	headers.set('content-length', String(Buffer.byteLength(body)));
	if (details.retryAfterSeconds !== undefined) headers.set('retry-after', String(details.retryAfterSeconds));
	return new Response(body, { status, headers });
}
