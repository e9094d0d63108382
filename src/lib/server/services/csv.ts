import { stringify } from 'csv-stringify/sync';
import type { SentFile } from '#lib/contract/operation.ts';

type Cell = string | number | boolean | null;

type Rows = readonly (readonly Cell[])[];
type Batches = AsyncIterable<Rows> | Iterable<Rows>;

/** What a spreadsheet would take for a formula is written as text (OWASP, CSV injection). */
const lines = (rows: Rows): string =>
	stringify(
		rows.map((row) => [...row]),
		{ escape_formulas: true, cast: { boolean: (value) => (value ? 'yes' : 'no') } }
	);

/** Makes a CSV file of rows that come in batches (RFC 4180, UTF-8 with a mark that spreadsheets know it by). */
export const csvFile = (name: string, header: readonly string[], batches: Batches): SentFile => ({
	type: 'text/csv; charset=utf-8',
	name: `${name}.csv`,
	parts: partsOf(header, batches)
});

async function* partsOf(header: readonly string[], batches: Batches): AsyncGenerator<string> {
	// Together with the first rows: while nothing is sent, a failure can still be answered.
	let start = `\uFEFF${lines([header])}`;
	for await (const batch of batches) {
		yield start + lines(batch);
		start = '';
	}
	if (start !== '') yield start;
}
