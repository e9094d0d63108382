import type { Output } from './terminal/output.ts';

/** What every command gets: the options that work on all of them, and where to print. */
export interface Context {
	/** As given with `--profile`; null for the current one. */
	readonly profile: string | null;
	readonly output: Output;
}
