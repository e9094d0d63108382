import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { listCandidates } from '../completion/candidates.ts';
import { completionScripts, shells } from '../completion/scripts.ts';
import { usageError } from '../cli-error.ts';
import { listProfiles } from '../session/index.ts';

/** Prints the completion script of a shell. */
export function printScript(shell: string): void {
	const known = shells.find((name) => name === shell);
	if (known === undefined) throw usageError(`There are completions for ${shells.join(', ')}.`);
	process.stdout.write(completionScripts[known]);
}

/** Prints what can come next on a command line, one per line. */
export async function complete(program: CommandUnknownOpts, words: readonly string[]): Promise<void> {
	const profiles = await listProfiles().catch(() => []);
	const lines = listCandidates(program, words, profiles).map(({ text, help }) => `${text}\t${help}\n`);
	process.stdout.write(lines.join(''));
}
