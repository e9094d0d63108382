import type { Writable } from 'node:stream';
import { CliError, usageError } from '../cli-error.ts';
import { toPlainText } from '../session/plain-text.ts';

/** Whether a person is there to answer. Prompts go to standard error, so that results can be redirected. */
export const isInteractive = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

const canceled = () => new CliError('Canceled; nothing was changed.');

type Prompts = typeof import('@clack/prompts');

/**
 * Asks on the terminal.
 * @throws {CliError} if it is canceled, with Ctrl-C or Ctrl-D
 */
async function ask<Answer>(
	prompt: (prompts: Prompts, options: { output: Writable; signal: AbortSignal }) => Promise<Answer>
): Promise<Exclude<Answer, symbol>> {
	const prompts = await import('@clack/prompts');
	const inputEnded = new AbortController();
	// After Ctrl-D nothing is read anymore, and the program would end without a word.
	const cancel = () => inputEnded.abort();
	process.once('beforeExit', cancel);
	const answer = await prompt(prompts, { output: process.stderr, signal: inputEnded.signal });
	process.off('beforeExit', cancel);
	if (prompts.isCancel(answer)) throw canceled();
	return answer as Exclude<Answer, symbol>;
}

/**
 * Asks for a secret without showing it.
 * @throws {CliError} if it is canceled
 */
export const askSecret = (message: string, validate?: (value: string) => string | undefined): Promise<string> =>
	ask(({ password }, options) =>
		password({
			message: toPlainText(message),
			mask: '',
			validate: (value) => (value ? validate?.(value) : 'Type it, or press Ctrl-C to cancel'),
			...options
		})
	);

/**
 * Asks whether to do something that can't be undone; `--yes` answers it.
 * @throws {CliError} if it is declined, or if there is no terminal to ask on (usage)
 */
export async function confirm(message: string, isConfirmed: boolean | undefined): Promise<void> {
	if (isConfirmed === true) return;
	if (!isInteractive()) throw usageError(`This needs a confirmation: ${message}`, 'Add --yes to confirm it.');
	const isYes = await ask(({ confirm: askYesNo }, options) =>
		askYesNo({ message: toPlainText(message), initialValue: false, ...options })
	);
	if (!isYes) throw canceled();
}

/**
 * Reads a secret from standard input, up to the end of its first line.
 * @throws {CliError} usage, if standard input is a terminal or empty
 */
export async function readSecret(option: string): Promise<string> {
	if (process.stdin.isTTY) throw usageError(`${option} reads from standard input, which is a terminal.`);
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of process.stdin) {
		const bytes = Buffer.from(chunk as Uint8Array);
		chunks.push(bytes);
		length += bytes.length;
		if (bytes.includes('\n') || length > maxSecretBytes) break;
	}
	const [line = ''] = Buffer.concat(chunks).toString().split(/\r?\n/);
	if (line === '') throw usageError(`${option} found nothing on standard input.`);
	return line;
}

const maxSecretBytes = 64 * 1024;
