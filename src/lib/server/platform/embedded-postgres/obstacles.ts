import type { Home } from './home.ts';

/** PostgreSQL's messages about resources that a machine lacks, and settings that work without them. */
const adjustments: readonly { readonly words: RegExp; readonly flags: readonly string[] }[] = [
	// No /dev/shm, or this system user can't write to it.
	{
		words: /could not (open|create|resize|map) shared memory segment "\/PostgreSQL/,
		flags: ['-c', 'dynamic_shared_memory_type=mmap']
	},
	// Less memory than on the machine where the database was created.
	{ words: /could not map anonymous shared memory/, flags: ['-c', 'shared_buffers=16MB', '-c', 'max_connections=40'] }
];

/** Returns settings that might let PostgreSQL start; undefined if there are none that haven't been tried. */
export function adjustmentFor(log: string, tried: readonly string[]): readonly string[] | undefined {
	const found = adjustments.find(({ words }) => words.test(log));
	return found?.flags.every((flag) => tried.includes(flag)) ? undefined : found?.flags;
}

/** What to do about obstacles that an operator can remove, by PostgreSQL's message. */
const advice: readonly { readonly words: RegExp; readonly todo: (home: Home) => string }[] = [
	{
		words: /No space left on device|Disk quota exceeded/,
		todo: ({ data }) => `The disk of ${data} is full: make room.`
	},
	{ words: /Read-only file system/, todo: ({ data }) => `${data} is on a read-only disk: make it writable.` },
	{
		words: /has wrong ownership|invalid permissions|Permission denied/,
		todo: ({ root, runAs }) =>
			`Give ${root} and all files in it to the user that runs PostgreSQL${runAs ? ` (chown -R ${String(runAs.uid)})` : ' (chown -R)'}.`
	},
	{
		words: /not recognized by setlocale|collation|locale/i,
		todo: () => 'Install the locale that it names; the database was made on a system that has it.'
	},
	{
		words: /another postmaster|lock file ".*" already exists/,
		todo: ({ data }) => `Stop the other PostgreSQL that uses ${data}.`
	},
	{
		words: /could not (open|read|find|locate) .*|invalid checkpoint record|could not locate a valid checkpoint/,
		todo: ({ data }) => `Files are missing or damaged: restore ${data} from a backup.`
	}
];

const defaultAdvice = 'Put that right.';

/** Describes in one line why PostgreSQL doesn't start, with its own message, and what to do. */
export function describeFailure(reason: string, log: string, home: Home): string {
	const lines = log.split('\n').filter((line) => line.trim() !== '');
	const complaints = lines.flatMap((line) => /(FATAL|PANIC|ERROR|DETAIL|HINT): .*/.exec(line)?.[0] ?? []);
	const words = (complaints.length > 0 ? complaints : lines).slice(-4).join(' ');
	const todo = advice.find((entry) => entry.words.test(words))?.todo(home) ?? defaultAdvice;
	const quoted = words ? ` It says: ${words}` : '';
	return `The bundled PostgreSQL did not start: ${reason}.${quoted} (see ${home.logFile}). ${todo} Or set DATABASE_URL to a PostgreSQL of yours.`;
}
