import type { SentFile } from '#lib/contract/operation.ts';
import { splitIntoPieces } from '../pieces.ts';

/** Entries written before other requests get to run. */
const entriesAtOnce = 250;

/** Creates a JSON file from batches of entries, one per line. */
export const jsonFile = (name: string, batches: AsyncIterable<readonly unknown[]>): SentFile => ({
	type: 'application/json',
	name: `${name}.json`,
	parts: toParts(batches)
});

async function* toParts(batches: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
	let start = '[\n';
	for await (const batch of batches)
		for await (const piece of splitIntoPieces(batch, entriesAtOnce)) {
			yield start + piece.map((entry) => JSON.stringify(entry)).join(',\n');
			start = ',\n';
		}
	yield start === '[\n' ? '[]\n' : '\n]\n';
}
