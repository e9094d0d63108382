/** Exit codes of the program; documented in docs/cli.md. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the program with a message, and what to do about it. */
export class CliError extends Error {
	override readonly name = 'CliError';
	/** What the user can do; null if there is nothing to say. */
	readonly advice: string | null;
	readonly exitCode: ExitCode;

	constructor(message: string, advice: string | null = null, options: { exitCode?: ExitCode; cause?: unknown } = {}) {
		super(message, { cause: options.cause });
		this.advice = advice;
		this.exitCode = options.exitCode ?? exitCodes.failed;
	}
}

/** The command was called in a way that can't work. */
export const usageError = (message: string, advice: string | null = null) =>
	new CliError(message, advice, { exitCode: exitCodes.usage });
