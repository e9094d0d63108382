import { getSqlState, isDatabaseUnavailable } from '#lib/server/platform/database/prisma-errors.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { printable } from './output.ts';

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
}

/** The user has given up at a prompt. */
export class CanceledError extends Error {
	override readonly name = 'CanceledError';

	constructor() {
		super('Canceled. Nothing was changed.');
	}
}

/** A failure whose message is complete: no general sentence follows. */
export class CommandError extends Error {
	override readonly name = 'CommandError';
}

/** Returns the words for a failure, in one line that contains no secret and can't control the terminal. */
export const explain = (error: unknown): string => printable(describe(error).replaceAll(/\s+/g, ' ').trim());

function describe(error: unknown): string {
	if (error instanceof AppError) return error.details.shown ?? error.message;
	if (!(error instanceof Error)) return String(error);
	switch (getSqlState(error)) {
		case '42501':
			return 'The database refuses this user a change. Use the user that the server uses, who owns the tables.';
		case '25006':
			return 'The database can only be read now. Make it writable, or name the primary server.';
	}
	if (isDatabaseUnavailable(error)) return 'The database has stopped answering. Look at its log, then try again.';
	// Prisma's first lines name its own functions.
	const lines = error.message.trim().split('\n');
	return error.name.startsWith('PrismaClient') ? (lines.at(-1) ?? error.message) : error.message;
}
