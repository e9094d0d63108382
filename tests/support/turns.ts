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

const nothing: Work = { longestTurn: 0, total: 0 };

/** Multiplies both measures. */
export const scale = ({ longestTurn, total }: Work, factor: number): Work => ({
	longestTurn: factor * longestTurn,
	total: factor * total
});

const isBelow = (work: Work, limit: Work): boolean => work.longestTurn < limit.longestTurn && work.total < limit.total;

/**
 * Measures how work shares the event loop, in CPU time, which doesn't depend on other load on the machine. Runs it several
 * times, and returns the minimum of each measure. Below `limit` it stops, because more runs could only lower the minimum.
 */
export async function measureTurns(work: () => Promise<unknown>, limit = nothing): Promise<Work> {
	let least = await measureOnce(work);
	for (let run = 1; run < runs && !isBelow(least, limit); run += 1) {
		const next = await measureOnce(work);
		least = {
			longestTurn: Math.min(least.longestTurn, next.longestTurn),
			total: Math.min(least.total, next.total)
		};
	}
	return least;
}
