import { stringify } from 'csv-stringify/sync';
import type { SentFile } from '#lib/contract/operation.ts';
import { piecesOf } from '../pieces.ts';

type Cell = string | number | boolean | null;

type Rows = readonly (readonly Cell[])[];
/** So many are written before other requests run. */
const rowsAtOnce = 250;
type Batches = AsyncIterable<Rows> | Iterable<Rows>;

/**
 * A formula sign at the start of a cell, or after a character at which a spreadsheet may split the line: which one that is
 * depends on its settings, and quotes may not hold. Each match takes the whole run of such characters, so that the time needed
 * grows with the length alone.
 */
const cellStarts = /((?:^|[;,\t|\r\n])[;,|"\s]*)('*)([=+\-@＝＋－＠]?)/g;

/** Writes what a spreadsheet would run as a formula so that it reads as text (OWASP, CSV injection). */
const withoutFormulas = (cell: Cell): Cell =>
	typeof cell === 'string'
		? cell.replace(cellStarts, (whole, before: string, marks: string, sign: string) =>
				sign === '' ? whole : `${before}'${marks}${sign}`
			)
		: cell;

/** Reads a cell as it was before it was written. */
export const withFormulas = (cell: string): string =>
	cell
		.replace(/^'(?=[\t\r])/, '')
		.replace(cellStarts, (whole, before: string, marks: string, sign: string) =>
			sign === '' ? whole : `${before}${marks.slice(1)}${sign}`
		);

const lines = (rows: Rows): string =>
	stringify(
		rows.map((row) => row.map(withoutFormulas)),
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
	for await (const batch of batches)
		for await (const piece of piecesOf(batch, rowsAtOnce)) {
			yield start + lines(piece);
			start = '';
		}
	if (start !== '') yield start;
}
