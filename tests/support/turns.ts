import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Work {
	/** CPU time of the longest turn of the event loop, in microseconds, during which no other request is answered. */
	readonly longestTurn: number;
	/** Total CPU time, in microseconds. */
	readonly total: number;
}

const spent = (since?: NodeJS.CpuUsage): number => {
	const { user, system } = process.cpuUsage(since);
	return user + system;
};

async function measureOnce(work: () => Promise<unknown>): Promise<Work> {
	await nextTurn();
	const begin = process.cpuUsage();
	let before = begin;
	let longestTurn = 0;
	let isDone = false;
	const watch = async (): Promise<void> => {
		do {
			await nextTurn();
			longestTurn = Math.max(longestTurn, spent(before));
			before = process.cpuUsage();
		} while (!isDone);
	};
	const watching = watch();
	await work();
	isDone = true;
	const total = spent(begin);
	await watching;
	return { longestTurn, total };
}

/** Garbage collection and compilation can slow any run, but hardly all of these. */
const runs = 3;

/**
 * Measures how work shares the event loop, in CPU time, which doesn't depend on other load on the machine. Runs it several
 * times, and returns the minimum of each measure.
 */
export async function measureTurns(work: () => Promise<unknown>): Promise<Work> {
	const measured: Work[] = [];
	while (measured.length < runs) measured.push(await measureOnce(work));
	return {
		longestTurn: Math.min(...measured.map(({ longestTurn }) => longestTurn)),
		total: Math.min(...measured.map(({ total }) => total))
	};
}
