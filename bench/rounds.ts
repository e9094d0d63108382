import { loadavg } from 'node:os';
import autocannon, { type Options, type Result } from 'autocannon';

/** At least five rounds, as a single one on a shared machine says little. */
const rounds = 5;
const durationSeconds = 3;
const connections = 32;

/** Requests per second over all rounds. */
export interface Rates {
	readonly median: number;
	readonly min: number;
	readonly max: number;
}

const send = (options: Options) =>
	new Promise<Result>((resolve, reject) =>
		autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)))
	);

/**
 * Measures all targets in turns, so that a change in the machine's load affects each of them.
 * @throws {Error} if a target refuses a request
 */
export async function measureInRounds(targets: Readonly<Record<string, Options>>): Promise<ReadonlyMap<string, Rates>> {
	const rates = new Map<string, number[]>(Object.keys(targets).map((name) => [name, []]));
	// The first round is a warm-up.
	for (let round = 0; round <= rounds; round++)
		for (const [name, options] of Object.entries(targets)) {
			const { requests, non2xx, errors } = await send({ connections, duration: durationSeconds, ...options });
			if (non2xx + errors > 0) throw new Error(`${name}: ${String(non2xx + errors)} requests failed`);
			if (round > 0) rates.get(name)?.push(requests.average);
		}
	return new Map([...rates].map(([name, all]) => [name, summarize(all)]));
}

function summarize(values: readonly number[]): Rates {
	const sorted = values.toSorted((a, b) => a - b);
	return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 };
}

/** `2013 (1980–2105)`: the median, and the spread. */
export const describeRates = ({ median, min, max }: Rates): string =>
	`${median.toFixed(0)} (${min.toFixed(0)}–${max.toFixed(0)})`;

/** The load of the machine over the last minute. */
export const describeLoad = (): string => `load ${(loadavg()[0] ?? 0).toFixed(1)}`;
