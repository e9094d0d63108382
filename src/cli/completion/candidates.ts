import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** What the shell can insert, and what it means. */
export interface Candidate {
	readonly text: string;
	readonly help: string;
}

/** Values that only the program knows. */
export type ValueKind = 'profile' | 'permission' | 'action' | 'setting';
export type ListValues = (kind: ValueKind) => Promise<readonly string[]>;

/** What can come next on a command line. */
export interface Completion {
	readonly candidates: readonly Candidate[];
	/** Whether the shell should offer its files. */
	readonly takesFile: boolean;
}

/** By the option, or by the name of the argument. */
const kinds: ReadonlyMap<string, ValueKind> = new Map([
	['--profile', 'profile'],
	['--permission', 'permission'],
	['--action', 'action'],
	['path', 'setting'],
	['name', 'profile']
]);

interface Expected {
	readonly kind: ValueKind | undefined;
	readonly choices: readonly string[];
	readonly takesFile: boolean;
}

/**
 * Finds what can come next on a command line.
 * @param words those after the program's name; the last one is being typed, and may be empty
 */
export async function completeLine(
	program: CommandUnknownOpts,
	words: readonly string[],
	listValues: ListValues
): Promise<Completion> {
	const { command, waiting, argumentCount } = readWords(program, words.slice(0, -1));
	const typed = words.at(-1) ?? '';
	const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(typed) ?? [];
	const optionTyped = optionsOf(program, command).find(({ long, required }) => required && long === name);
	if (optionTyped && value !== undefined)
		return complete(expectedBy(optionTyped), value, listValues, `${optionTyped.long ?? ''}=`);
	if (typed.startsWith('-') && (waiting === null || waiting.variadic)) {
		const options = optionsOf(program, command).map(({ long, description }) => ({
			text: long ?? '',
			help: description
		}));
		return { candidates: startingWith(options, typed), takesFile: false };
	}
	if (waiting) return complete(expectedBy(waiting), typed, listValues);
	const commands = argumentCount === 0 ? commandsOf(command) : [];
	if (commands.length > 0) return { candidates: startingWith(commands, typed), takesFile: false };
	const argument = command.registeredArguments[argumentCount];
	if (argument === undefined) return { candidates: [], takesFile: false };
	const expected = {
		kind: kinds.get(argument.name()),
		choices: argument.argChoices ?? [],
		takesFile: argument.name() === 'file'
	};
	return complete(expected, typed, listValues);
}

/** The command, the option whose value comes next, and how many arguments there are. */
function readWords(program: CommandUnknownOpts, words: readonly string[]) {
	let command = program;
	let waiting: Option | null = null;
	let argumentCount = 0;
	for (const word of words) {
		const isValue = waiting !== null && !(waiting.variadic && word.startsWith('-'));
		if (isValue) {
			if (waiting?.variadic !== true) waiting = null;
		} else if (word.startsWith('-')) {
			const option = optionsOf(program, command).find(({ long, short }) => long === word || short === word);
			waiting = option?.required === true ? option : null;
		} else {
			const next = argumentCount === 0 ? command.commands.find((one) => one.name() === word) : undefined;
			if (next) command = next;
			else argumentCount++;
		}
	}
	return { command, waiting, argumentCount };
}

const expectedBy = ({ long, argChoices, flags }: Option): Expected => ({
	kind: kinds.get(long ?? ''),
	choices: argChoices ?? [],
	takesFile: flags.includes('<file>')
});

async function complete(
	{ kind, choices, takesFile }: Expected,
	typed: string,
	listValues: ListValues,
	before = ''
): Promise<Completion> {
	const values = kind === undefined ? choices : await listValues(kind);
	const help = kind ?? '';
	const candidates = startingWith(
		values.map((text) => ({ text, help })),
		typed
	);
	return { candidates: candidates.map(({ text }) => ({ text: before + text, help })), takesFile };
}

const startingWith = (candidates: readonly Candidate[], typed: string): Candidate[] =>
	candidates.filter(({ text }) => text !== '' && text.startsWith(typed));

/** Its own options, those that work on every command, and help. */
const optionsOf = (program: CommandUnknownOpts, command: CommandUnknownOpts): readonly Option[] => {
	const own = command.createHelp().visibleOptions(command);
	return command === program ? own : [...own, ...program.options.filter(({ long }) => long !== '--version')];
};

const commandsOf = (command: CommandUnknownOpts): Candidate[] =>
	command
		.createHelp()
		.visibleCommands(command)
		.filter((one) => one.name() !== 'help')
		.map((one) => ({ text: one.name(), help: one.summary() || one.description() }));
