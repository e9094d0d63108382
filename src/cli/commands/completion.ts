import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { completeLine, type ValueKind } from '../completion/candidates.ts';
import { completionScripts } from '../completion/scripts.ts';
import type { Shell } from '../completion/shells.ts';
import { listProfiles } from '../session/index.ts';
import { toPlainText } from '../session/plain-text.ts';

/** Prints the completion script of a shell. */
export function printScript(shell: Shell): void {
	process.stdout.write(completionScripts[shell]);
}

/** Prints what can come next on a command line: one candidate per line, or a line without a tab for a file. */
export async function complete(program: CommandUnknownOpts, words: readonly string[]): Promise<void> {
	const { candidates, takesFile } = await completeLine(program, words, listValues);
	// A shell could not insert a name with control characters.
	const lines = candidates
		.filter(({ text }) => text === toPlainText(text))
		.map(({ text, help }) => `${text}\t${help}\n`);
	process.stdout.write([...lines, ...(takesFile ? ['file\n'] : [])].join(''));
}

async function listValues(kind: ValueKind): Promise<readonly string[]> {
	if (kind === 'profile') return listProfiles().catch(() => []);
	const { knownValues } = await import('../completion/values.ts');
	return knownValues[kind]();
}
