import { CliError, usageError } from '../cli-error.ts';

/** Whether a person is there to answer. Prompts go to standard error, so that results can be redirected. */
export const isInteractive = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

const canceled = () => new CliError('Canceled; nothing was changed.');

/** Asks for a secret without showing it. */
export async function askSecret(message: string, validate?: (value: string) => string | undefined): Promise<string> {
	const { isCancel, password } = await import('@clack/prompts');
	const answer = await password({
		message,
		mask: '',
		output: process.stderr,
		validate: (value) => (value ? validate?.(value) : 'Type it, or press Ctrl-C to cancel')
	});
	if (isCancel(answer)) throw canceled();
	return answer;
}

/**
 * Asks whether to do something that can't be undone; `--yes` answers it.
 * @throws {CliError} if it is declined, or if there is no terminal to ask on (usage)
 */
export async function confirm(message: string, isConfirmed: boolean | undefined): Promise<void> {
	if (isConfirmed === true) return;
	if (!isInteractive()) throw usageError(`This needs a confirmation: ${message}`, 'Add --yes to confirm it.');
	const { isCancel, confirm: ask } = await import('@clack/prompts');
	const answer = await ask({ message, initialValue: false, output: process.stderr });
	if (isCancel(answer) || !answer) throw canceled();
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
