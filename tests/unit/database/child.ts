import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

export type Child = {
	process: ChildProcessWithoutNullStreams;
	lines: string[];
	/** Resolves when a line satisfies the condition; rejects with the output if the process exits first. */
	waitFor: (isWanted: (line: string) => boolean) => Promise<void>;
	/** Makes it close its database and exit. */
	stop: () => Promise<void>;
	/** Kills it immediately, as a power failure would. */
	kill: () => Promise<void>;
};

/** Runs hold-database.ts in its own process, as a second server would be; with another program if one is named. */
export function holdDatabase(dataDir: string, by: readonly string[] = []): Child {
	const script = path.join(import.meta.dirname, 'hold-database.ts');
	const node = ['--import', 'tsx', script, dataDir];
	const [command, ...args] = by;
	const child =
		command === undefined ? spawn(process.execPath, node) : spawn(command, [...args, process.execPath, ...node]);
	child.stdin.on('error', () => {});
	const lines: string[] = [];
	let complaint = '';
	const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
	const exited = once(child, 'exit');

	return {
		process: child,
		lines,
		waitFor: async (isWanted) => {
			await new Promise<void>((resolve, reject) => {
				const check = () => {
					if (lines.some(isWanted)) resolve();
				};
				reader.on('line', check);
				void exited.then(() => reject(new Error(`hold-database ended: ${complaint}`)));
				check();
			});
		},
		stop: async () => {
			child.stdin.end('stop\n');
			await exited;
		},
		kill: async () => {
			child.kill('SIGKILL');
			await exited;
		}
	};
}
