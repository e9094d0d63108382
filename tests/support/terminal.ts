import { stripVTControlCharacters } from 'node:util';
import * as pty from '@lydell/node-pty';

export const ctrlC = '\u0003';
export const ctrlD = '\u0004';
export const escape = '\u001b';
export const returnKey = '\r';

/** A program in a pseudo-terminal. */
export class Terminal {
	readonly #process: pty.IPty;
	readonly #ended: Promise<number>;
	readonly #watchers = new Set<() => void>();
	#output = '';
	#seen = 0;

	constructor(args: readonly string[], env: Record<string, string>, cwd: string, file = process.execPath) {
		this.#process = pty.spawn(file, [...args], { env: { ...env, TERM: 'xterm' }, cwd, cols: 160, rows: 40 });
		this.#process.onData((part) => {
			this.#output += part;
			for (const watch of this.#watchers) watch();
		});
		this.#ended = new Promise((resolve) => this.#process.onExit(({ exitCode }) => resolve(exitCode)));
	}

	get pid(): number {
		return this.#process.pid;
	}

	/** Everything shown so far, without control sequences. */
	get shown(): string {
		return stripVTControlCharacters(this.#output).replaceAll('\r\n', '\n');
	}

	/** Waits until the terminal shows this, now or earlier; fails if the program ends without it. */
	see(wanted: string): Promise<void> {
		return this.#until(wanted, () => this.shown.includes(wanted));
	}

	/** Waits until the terminal shows this after what was awaited before; fails if the program ends without it. */
	async next(wanted: string): Promise<void> {
		await this.#until(wanted, () => this.shown.includes(wanted, this.#seen));
		this.#seen = this.shown.indexOf(wanted, this.#seen) + wanted.length;
	}

	async #until(wanted: string, isThere: () => boolean): Promise<void> {
		let watch = () => undefined as void;
		const seen = new Promise<void>((resolve) => {
			watch = () => {
				if (isThere()) resolve();
			};
		});
		this.#watchers.add(watch);
		watch();
		const ended = this.#ended.then((code) => {
			if (!isThere()) throw new Error(`It ended with ${String(code)} without showing "${wanted}":\n${this.shown}`);
		});
		try {
			await Promise.race([seen, ended]);
		} finally {
			this.#watchers.delete(watch);
		}
	}

	/** Types text, and Enter. */
	enter(line: string): void {
		this.press(`${line}${returnKey}`);
	}

	/** Presses keys. */
	press(keys: string): void {
		this.#process.write(keys);
	}

	/** Waits for the exit code. */
	ended(): Promise<number> {
		return this.#ended;
	}
}
