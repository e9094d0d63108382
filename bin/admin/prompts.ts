import { text as readText } from 'node:stream/consumers';
import { CanceledError, UsageError } from './failure.ts';

const hasTerminal = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Prompts go to stderr, so that the output can be piped. */
const output = process.stderr;

/** @throws {UsageError} without a terminal; it names the options to use instead */
export function requireTerminal(instead: string): void {
	if (!hasTerminal()) throw new UsageError(`There is no terminal to ask. ${instead}`);
}

/** Ctrl-C and Escape give up. */
function requireAnswer<Answer>(answer: Answer): Exclude<Answer, symbol> {
	if (typeof answer === 'symbol') throw new CanceledError();
	return answer as Exclude<Answer, symbol>;
}

export interface EmailOptions {
	readonly email?: string;
}

/** Returns the email from the options, or asks for it. */
export const askEmail = async ({ email }: EmailOptions): Promise<string> =>
	email ?? (await askText('Please enter the user email: ', 'Name the user with --email.'));

/** Asks for a line of text. */
async function askText(message: string, instead: string): Promise<string> {
	requireTerminal(instead);
	const { text } = await import('@clack/prompts');
	const answer = await text({ message, output, validate: (value) => (value?.trim() ? undefined : 'Enter it.') });
	return requireAnswer(answer).trim();
}

/** Asks for a password without showing it; empty if none is typed. */
export async function askPassword(message: string, instead: string): Promise<string> {
	requireTerminal(instead);
	const { password } = await import('@clack/prompts');
	// Without input, the library's answer is undefined, whatever its types say.
	const answer = (await password({ message, output })) as string | symbol | undefined;
	return requireAnswer(answer) ?? '';
}

/** Asks a question to be answered with yes or no. */
export async function askYesOrNo(message: string, instead: string, isYesUsual = true): Promise<boolean> {
	requireTerminal(instead);
	const { confirm } = await import('@clack/prompts');
	return requireAnswer(await confirm({ message, output, initialValue: isYesUsual }));
}

const maxPasswordCharacters = 4_096;

/** Reads a password from a pipe, without the line break at its end. */
export async function readPasswordFromStdin(): Promise<string> {
	if (process.stdin.isTTY)
		throw new UsageError('--password-stdin reads the password from a pipe. Leave it out to be asked.');
	const password = (await readText(process.stdin)).replace(/\r?\n$/, '');
	if (password === '' || password.length > maxPasswordCharacters || /[\r\n]/.test(password))
		throw new UsageError('--password-stdin: the input must be one line with the password.');
	return password;
}
