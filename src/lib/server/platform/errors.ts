export type Status = 400 | 401 | 403 | 404 | 408 | 412 | 413 | 415 | 416 | 429 | 500 | 502 | 503 | 504 | 507 | 508;

interface Details {
	/** The underlying cause, for the log only. */
	readonly cause?: unknown;
	/** The form field this error belongs to. */
	readonly field?: string;
	/** Messages for several fields, shown in the console. */
	readonly fieldErrors?: Readonly<Record<string, string>>;
	/** The console's message, if it differs from Immich's. */
	readonly shown?: string;
	/** Validation issues of a body, query or path. */
	readonly issues?: readonly unknown[];
	/** The code of an operation with `oauthErrors`; without one it is `invalid_request`. */
	readonly oauthError?: string;
	readonly retryAfterSeconds?: number;
	/** Status of the error page, if it differs from the API's. */
	readonly pageStatus?: Status;
	/** Text below the heading of an error page. */
	readonly advice?: string;
}

/** An error shown to the caller: stable status and message, private cause. */
export class AppError extends Error {
	override readonly name = 'AppError';
	readonly status: Status;
	readonly details: Details;

	constructor(status: Status, message: string, details: Details = {}) {
		super(message, { cause: details.cause });
		this.status = status;
		this.details = details;
	}
}

// Texts and statuses match Immich's where clients see them:
// docs/wire-reference/errors.md#authentication-and-authorization-errors.
export const badRequest = (message: string, details?: Details) => new AppError(400, message, details);
export const notFound = (message: string) => new AppError(404, message);
export const validationFailed = (issues: readonly unknown[]) => new AppError(400, 'Validation failed', { issues });
export const bodyTooLarge = () =>
	new AppError(413, 'Request body is too large', { shown: 'The request is too large.' });
export const storageFull = (cause: unknown) =>
	new AppError(507, 'There is no space left on the server', {
		cause,
		shown: 'The server’s disk is full. Ask its admin.'
	});
export const bodyTimedOut = () =>
	new AppError(408, 'Request body took too long', { shown: 'The upload stopped or was too slow. Try again.' });
/** The body-parser's words, which Immich's clients see too. */
export const unsupportedBody = (what: 'content encoding' | 'charset', name: string) =>
	new AppError(415, `unsupported ${what} "${name.slice(0, 40)}"`);
export const unexpected = (message: string, cause: unknown) => new AppError(500, message, { cause });
export const overloaded = (retryAfterSeconds: number) =>
	new AppError(503, 'The server is busy. Please try again in a moment.', { retryAfterSeconds });
/** Ends the work for a client that has disconnected and gets no response. */
export const clientGone = () => badRequest('The client has gone away');
export const databaseUnreachable = (cause: unknown) =>
	new AppError(503, 'The database is unavailable', { cause, retryAfterSeconds: 5 });
export const inMaintenance = () => new AppError(503, 'Server is in maintenance mode', { retryAfterSeconds: 30 });

export const unauthorized = () => new AppError(401, 'Authentication required');
export const forbidden = (cause?: string) => new AppError(403, 'Forbidden', { cause });
export const crossSiteRequest = (details?: Details) => new AppError(403, 'Cross-site request refused', details);
export const missingPermission = (permission: string) =>
	new AppError(403, `Missing required permission: ${permission}`);
export const elevationRequired = () => new AppError(401, 'Elevated permission is required');
/** The visitor of a shared link must enter its password first. */
export const linkPasswordRequired = () => new AppError(401, 'Password required');
export const passwordChangeRequired = () => new AppError(403, 'Password change required');

export const unreadableFile = (reason: string) => badRequest(reason, { field: 'csv' });

export const tooManyAttempts = (retryAfterSeconds: number) =>
	new AppError(429, 'Too many attempts. Please try again later.', {
		retryAfterSeconds,
		shown: `That was wrong too often. Try again in ${inMinutes(retryAfterSeconds)}.`
	});
/** Rounds up to whole minutes. */
export const inMinutes = (seconds: number): string =>
	seconds <= 60 ? 'a minute' : `${Math.ceil(seconds / 60)} minutes`;

export const userNotFound = () => badRequest('User not found', { pageStatus: 404 });

/**
 * Returns a user that was looked up.
 * @throws {AppError} 400 if there is none
 */
export function requireUser<Found>(user: Found | null | undefined): Found {
	if (!user) throw userNotFound();
	return user;
}

export const notConfirmed = (words: string) => badRequest(`Type ‘${words}’ to confirm`, { field: 'confirmation' });
