import pty from '@lydell/node-pty';
import { expect } from 'vitest';
import { root, toCommandEnv } from './command.ts';

/** Ctrl-C. */
export const interrupt = '\u0003';
export const enter = '\r';

/** A program in a pseudo-terminal. */
export class Terminal {
	readonly #process: pty.IPty;
	readonly #ended: Promise<number>;
	#output = '';
	#seen = 0;

	constructor(command: string, given: readonly string[], env: Readonly<Record<string, string>>) {
		this.#process = pty.spawn(command, [...given], {
			cols: 160,
			rows: 40,
			cwd: root,
			env: { ...toCommandEnv(env), TERM: 'xterm-256color' }
		});
		this.#process.onData((part) => (this.#output += part));
		this.#ended = new Promise((resolve) => this.#process.onExit(({ exitCode }) => resolve(exitCode)));
	}

	get pid(): number {
		return this.#process.pid;
	}

	/** Everything that was shown, without colors and cursor movements. */
	get text(): string {
		// eslint-disable-next-line no-control-regex -- these are what is removed
		return this.#output.replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '').replaceAll('\r\n', '\n');
	}

	/** Waits until something is shown after what was awaited before. */
	async awaits(what: string): Promise<void> {
		await expect.poll(() => this.text.indexOf(what, this.#seen), { timeout: 20_000, interval: 10 }).toBeGreaterThan(-1);
		this.#seen = this.text.indexOf(what, this.#seen) + what.length;
	}

	type(text: string): void {
		this.#process.write(text);
	}

	/** Waits for the end and returns the exit code. */
	end(): Promise<number> {
		return this.#ended;
	}
}
