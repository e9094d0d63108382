import { unreadableFile } from '../errors.ts';
import { splitIntoPieces } from '../pieces.ts';

/** Column and record separators of a file. */
interface CsvLayout {
	readonly delimiter: string;
	readonly recordDelimiter: string[];
}

/** Twenty times the known columns, and more lines than the largest file with blank lines in between. */
const maxColumns = 200;
export const maxRecordCharacters = 20_000;
const maxLines = 100_000;
const charactersAtOnce = 64 * 1024;

const toCharCode = (character: string): number => character.charCodeAt(0);
const quote = toCharCode('"');
const newline = toCharCode('\n');
const carriageReturn = toCharCode('\r');

/**
 * Checks a CSV file before parsing, because some input would stall the parser: its own limit ignores delimiters and blank
 * lines, and its work is quadratic in the columns.
 * @throws {AppError} 400 for such input
 */
export async function surveyCsv(csv: string): Promise<CsvLayout> {
	const layout = detectLayout(csv);
	const survey = new Survey(toCharCode(layout.delimiter), toCharCode(layout.recordDelimiter.at(-1) ?? '\n'));
	for await (const piece of splitIntoPieces(csv, charactersAtOnce)) survey.read(piece);
	return layout;
}

/** Detects the separators from the header line, outside of quotes. */
function detectLayout(csv: string): CsvLayout {
	let delimiter: string | null = null;
	let isQuoted = false;
	const start = csv.search(/\S/);
	if (start === -1) throw unreadableFile('The file contains no rows.');
	const header = csv.slice(start, start + maxRecordCharacters);
	for (const character of header) {
		if (character === '"') isQuoted = !isQuoted;
		if (isQuoted) continue;
		if (character === '\n' || character === '\r') {
			const isOld = character === '\r' && !header.includes('\r\n');
			return { delimiter: delimiter ?? ',', recordDelimiter: isOld ? ['\r'] : ['\r\n', '\n'] };
		}
		if (character === ',' || character === ';' || character === '\t') delimiter ??= character;
	}
	if (start + header.length < csv.length && !isQuoted) throw unreadableFile('The first line is too long.');
	return { delimiter: delimiter ?? ',', recordDelimiter: ['\r\n', '\n'] };
}

type ParserState = 'cell start' | 'plain cell' | 'quoted cell' | 'after quotes';

/** Counts lines, columns and characters as the parser will. */
class Survey {
	readonly #delimiter: number;
	readonly #lineEnd: number;
	#state: ParserState = 'cell start';
	#line = 1;
	#columns = 1;
	#characters = 0;

	constructor(delimiter: number, lineEnd: number) {
		this.#delimiter = delimiter;
		this.#lineEnd = lineEnd;
	}

	read(piece: string): void {
		for (let at = 0; at < piece.length; at++) this.#step(piece.charCodeAt(at));
	}

	#step(code: number): void {
		if (code === this.#lineEnd && ++this.#line > maxLines)
			throw unreadableFile(`The file has more than ${maxLines.toLocaleString('en')} lines.`);
		if (++this.#characters > maxRecordCharacters) throw unreadableFile(`A line is too long in line ${this.#line}.`);
		if (this.#state === 'quoted cell') {
			if (code === quote) this.#state = 'after quotes';
		} else if (code === quote) {
			if (this.#state !== 'plain cell') this.#state = 'quoted cell';
		} else if (code === this.#lineEnd) {
			this.#state = 'cell start';
			this.#columns = 1;
			this.#characters = 0;
		} else if (code === this.#delimiter) {
			this.#state = 'cell start';
			if (++this.#columns > maxColumns) throw unreadableFile(`Line ${this.#line} has more than ${maxColumns} columns.`);
		} else if (this.#state === 'cell start' && !isBlank(code)) this.#state = 'plain cell';
	}
}

const isBlank = (code: number): boolean =>
	code === 0x20 || code === 0xa0 || code === newline || code === carriageReturn || (code >= 0x09 && code <= 0x0c);
