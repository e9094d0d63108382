import type { SentFile } from '#lib/contract/operation.ts';
import { piecesOf } from '../pieces.ts';

type Cell = string | number | boolean | null;

type Rows = readonly (readonly Cell[])[];
/** So many are written before other requests run. */
const rowsAtOnce = 250;
type Batches = AsyncIterable<Rows> | Iterable<Rows>;

const separators = new Set(';,\t|\r\n');
const formulaSigns = new Set('=+-@＝＋－＠');
const isBlank = (character: string): boolean => character === '"' || character.trim() === '';

/**
 * Changes the apostrophes before each formula sign at the start of a cell, or after a character at which a spreadsheet may
 * split the line: which one that is depends on its settings, and quotes may not hold. In one pass, because a pattern would
 * look at a long run of blanks again from each of them.
 */
function atFormulas(cell: string, change: (apostrophes: string) => string): string {
	let changed = '';
	let written = 0;
	let isAtStart = true;
	for (let at = 0; at < cell.length; at++) {
		const from = at;
		while (isAtStart && cell[at] === "'") at++;
		const character = cell[at] ?? '';
		if (isAtStart && formulaSigns.has(character)) {
			changed += cell.slice(written, from) + change(cell.slice(from, at));
			written = at;
		}
		isAtStart = separators.has(character) || (isAtStart && at === from && isBlank(character));
	}
	return changed + cell.slice(written);
}

/** Writes what a spreadsheet would run as a formula so that it reads as text (OWASP, CSV injection). */
const withoutFormulas = (cell: Cell): Cell =>
	typeof cell === 'string' ? atFormulas(cell, (apostrophes) => `'${apostrophes}`) : cell;

/** Reads a cell as it was before it was written. */
export const withFormulas = (cell: string): string =>
	atFormulas(cell.replace(/^'(?=[\t\r])/, ''), (apostrophes) => apostrophes.slice(1));

type Stringify = (typeof import('csv-stringify/sync'))['stringify'];

const lines = (stringify: Stringify, rows: Rows): string =>
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
	const { stringify } = await import('csv-stringify/sync');
	// Together with the first rows: while nothing is sent, a failure can still be answered.
	let start = `\uFEFF${lines(stringify, [header])}`;
	for await (const batch of batches)
		for await (const piece of piecesOf(batch, rowsAtOnce)) {
			yield start + lines(stringify, piece);
			start = '';
		}
	if (start !== '') yield start;
}
