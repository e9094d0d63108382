import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

/** The end of a command's help. */
export const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

/** Adds a command that only has commands below it. */
export function addGroup(program: CommandUnknownOpts, name: string, summary: string): Command {
	const group = new Command(name).summary(summary).copyInheritedSettings(program);
	program.addCommand(group);
	return group;
}
