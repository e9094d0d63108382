import { once } from 'node:events';
import { CliError } from '../cli-error.ts';
import { fileError } from '../session/errors.ts';
import { toPlainJson, toPlainLines, toPlainText } from '../session/plain-text.ts';

/** One row of a table or a list of facts. */
export type Cell = string | number | boolean | null;

const closed = new AbortController();

/**
 * Has to be called before anything is printed. A reader that has seen enough, as `head` has, is no failure: work under way is
 * completed all the same. `fail` gets any other error of standard output.
 */
export function watchStreams(fail: (error: CliError) => void): void {
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		closed.abort();
		if (error.code !== 'EPIPE') fail(new CliError(fileError('Standard output', 'written', error).message));
	});
	// Then nothing can be said about it either.
	process.stderr.on('error', () => undefined);
}

/** Says something on standard error. */
export const say = (text: string): void => {
	process.stderr.write(`${toPlainLines(text)}\n`);
};

/** What a command prints: results on standard output, everything else on standard error. */
export class Output {
	readonly isJson: boolean;

	constructor(isJson: boolean) {
		this.isJson = isJson;
	}

	/** Aborts when nothing reads the results anymore. */
	get closed(): AbortSignal {
		return closed.signal;
	}

	/** Prints the result as JSON with `--json`, otherwise as text for people. */
	result(value: unknown, text: () => string | readonly string[]): void {
		if (this.isJson) this.#print(toPlainJson(JSON.stringify(value, null, 2)));
		else for (const line of [text()].flat()) this.#print(toPlainLines(line));
	}

	/** Prints one value per line as JSON with `--json`, otherwise a line for people. */
	event(value: unknown, line: string): void {
		this.#print(this.isJson ? toPlainJson(JSON.stringify(value)) : toPlainText(line));
	}

	/** Prints text as it is, but harmless on a terminal, and waits until the reader keeps up. */
	async raw(text: string): Promise<void> {
		if (this.closed.aborted || process.stdout.write(process.stdout.isTTY ? toPlainLines(text) : text)) return;
		await once(process.stdout, 'drain', { signal: this.closed }).catch(() => undefined);
	}

	/** Says on standard error what happens or has to be known, also with `--json`. */
	note(line: string): void {
		say(line);
	}

	#print(line: string): void {
		if (!this.closed.aborted) process.stdout.write(`${line}\n`);
	}
}

const toCell = (value: Cell): string => {
	if (value === null) return '';
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	return toPlainText(String(value));
};

/** Rows below a header, in aligned columns; with lines between them on a terminal. */
export async function formatTable(header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<string> {
	const { default: Table } = await import('cli-table3');
	const isTerminal = process.stdout.isTTY;
	const plain = Object.fromEntries(
		['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left'].map(
			(name) => [name, '']
		)
	);
	const none = { ...plain, 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' };
	const table = new Table({
		head: [...header],
		style: { head: [], border: [], compact: true, ...(!isTerminal && { 'padding-left': 0, 'padding-right': 0 }) },
		...(!isTerminal && { chars: none })
	});
	table.push(...rows.map((row) => row.map(toCell)));
	return table
		.toString()
		.split('\n')
		.map((line) => line.trimEnd())
		.join('\n');
}

/** Titles and values, one per line. */
export function formatFacts(facts: readonly (readonly [title: string, value: Cell])[]): string {
	const width = Math.max(...facts.map(([title]) => title.length)) + 2;
	return facts.map(([title, value]) => `${`${title}:`.padEnd(width)}${toCell(value)}`.trimEnd()).join('\n');
}
