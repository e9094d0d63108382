import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** What the shell can insert, and what it means. */
export interface Candidate {
	readonly text: string;
	readonly help: string;
}

/**
 * What can come next on a command line.
 * @param words those after the program's name; the last one is being typed, and may be empty
 * @param profiles the names of the profiles
 */
export function listCandidates(
	program: CommandUnknownOpts,
	words: readonly string[],
	profiles: readonly string[]
): Candidate[] {
	const typed = words.at(-1) ?? '';
	let command = program;
	let waiting: Option | null = null;
	let hasArguments = false;
	for (const word of words.slice(0, -1)) {
		if (waiting !== null) waiting = null;
		else if (word.startsWith('-')) {
			const option = optionsOf(program, command).find(({ long, short }) => long === word || short === word);
			waiting = option?.required === true ? option : null;
		} else {
			const next = command.commands.find((one) => one.name() === word);
			if (next && !hasArguments) command = next;
			else hasArguments = true;
		}
	}
	const toProfiles = () => profiles.map((name) => ({ text: name, help: 'profile' }));
	const found = waiting
		? waiting.long === '--profile'
			? toProfiles()
			: []
		: typed.startsWith('-')
			? optionsOf(program, command).map(({ long, description }) => ({ text: long ?? '', help: description }))
			: hasArguments
				? []
				: [...commandsOf(command), ...(takesProfile(command) ? toProfiles() : []), ...shellsFor(command)];
	return found.filter(({ text }) => text !== '' && text.startsWith(typed));
}

/** Its own options, those that work on every command, and help. */
const optionsOf = (program: CommandUnknownOpts, command: CommandUnknownOpts): readonly Option[] => {
	const help = command.createHelp();
	const own = help.visibleOptions(command);
	return command === program ? own : [...own, ...program.options.filter(({ long }) => long !== '--version')];
};

const commandsOf = (command: CommandUnknownOpts): Candidate[] =>
	command
		.createHelp()
		.visibleCommands(command)
		.filter((one) => one.name() !== 'help')
		.map((one) => ({ text: one.name(), help: one.summary() || one.description() }));

const takesProfile = (command: CommandUnknownOpts): boolean =>
	command.parent?.name() === 'profile' && ['switch', 'remove'].includes(command.name());

const shellsFor = (command: CommandUnknownOpts): Candidate[] =>
	command.name() === 'completion' ? ['bash', 'zsh', 'fish'].map((text) => ({ text, help: 'shell' })) : [];
