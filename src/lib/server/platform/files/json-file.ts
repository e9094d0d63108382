import type { SentFile } from '#lib/contract/operation.ts';
import { piecesOf } from '../pieces.ts';

/** So many are written before other requests run. */
const entriesAtOnce = 250;

/** Makes a JSON file of a list that comes in batches, an entry a line. */
export const jsonFile = (name: string, batches: AsyncIterable<readonly unknown[]>): SentFile => ({
	type: 'application/json',
	name: `${name}.json`,
	parts: partsOf(batches)
});

async function* partsOf(batches: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
	let start = '[\n';
	for await (const batch of batches)
		for await (const piece of piecesOf(batch, entriesAtOnce)) {
			yield start + piece.map((entry) => JSON.stringify(entry)).join(',\n');
			start = ',\n';
		}
	yield start === '[\n' ? '[]\n' : '\n]\n';
}
