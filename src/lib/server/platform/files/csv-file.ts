import type { SentFile } from '#lib/contract/operation.ts';
import { splitIntoPieces } from '../pieces.ts';

/** A text file. */
export interface CsvFile extends SentFile {
	readonly parts: AsyncIterable<string> | Iterable<string>;
}

type Cell = string | number | boolean | null;

type Rows = readonly (readonly Cell[])[];
/** Rows written before other requests get to run. */
const rowsAtOnce = 250;
type Batches = AsyncIterable<Rows> | Iterable<Rows>;

const separators = new Set(';,\t|\r\n');
const formulaSigns = new Set('=+-@＝＋－＠');
const isBlank = (character: string): boolean => character === '"' || character.trim() === '';

/**
 * Changes the apostrophes before each formula character at the start of a cell, or after a character at which a spreadsheet
 * may split the line: its settings decide which, and quotes may not help. Single pass, because a regex would be quadratic on
 * long runs of blanks.
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

/** Escapes what a spreadsheet would run as a formula (OWASP, CSV injection). */
const withoutFormulas = (cell: Cell): Cell =>
	typeof cell === 'string' ? atFormulas(cell, (apostrophes) => `'${apostrophes}`) : cell;

/** Reverses the escaping of a cell. */
export const withFormulas = (cell: string): string =>
	atFormulas(cell.replace(/^'(?=[\t\r])/, ''), (apostrophes) => apostrophes.slice(1));

type Stringify = (typeof import('csv-stringify/sync'))['stringify'];

const lines = (stringify: Stringify, rows: Rows): string =>
	stringify(
		rows.map((row) => row.map(withoutFormulas)),
		{ escape_formulas: true, cast: { boolean: (value) => (value ? 'yes' : 'no') } }
	);

/** Creates a CSV file from batches of rows (RFC 4180, UTF-8 with a BOM for spreadsheets). */
export const csvFile = (name: string, header: readonly string[], batches: Batches): CsvFile => ({
	type: 'text/csv; charset=utf-8',
	name: `${name}.csv`,
	parts: toParts(header, batches)
});

async function* toParts(header: readonly string[], batches: Batches): AsyncGenerator<string> {
	const { stringify } = await import('csv-stringify/sync');
	// Sent with the first rows: until then, an error can still become an error response.
	let start = `\uFEFF${lines(stringify, [header])}`;
	for await (const batch of batches)
		for await (const piece of splitIntoPieces(batch, rowsAtOnce)) {
			yield start + lines(stringify, piece);
			start = '';
		}
	if (start !== '') yield start;
}
