import { badRequest } from '../errors.ts';
import { splitIntoPieces } from '../pieces.ts';

/** Deeper than any body here, and far from where a parser overflows the stack. */
const maxDepth = 100;
const charactersAtOnce = 64 * 1024;

const toCharCode = (character: string): number => character.charCodeAt(0);
const quote = toCharCode('"');
const backslash = toCharCode('\\');
const comma = toCharCode(',');
const openers = new Set(['[', '{'].map(toCharCode));
const closers = new Set([']', '}'].map(toCharCode));

/**
 * Checks the size of JSON before it is parsed.
 * @throws {AppError} 400 if it is nested too deeply or has too many values
 */
export async function scanJson(json: string, maxValues: number): Promise<void> {
	const scan = new JsonScan(maxValues);
	for await (const piece of splitIntoPieces(json, charactersAtOnce)) scan.read(piece);
}

/** Counts brackets and values outside strings, in one pass. */
class JsonScan {
	readonly #maxValues: number;
	#depth = 0;
	#values = 1;
	#isInString = false;
	#isEscaped = false;

	constructor(maxValues: number) {
		this.#maxValues = maxValues;
	}

	read(piece: string): void {
		for (let at = 0; at < piece.length; at++) this.#step(piece.charCodeAt(at));
	}

	#step(code: number): void {
		if (this.#isEscaped) this.#isEscaped = false;
		else if (this.#isInString && code === backslash) this.#isEscaped = true;
		else if (code === quote) this.#isInString = !this.#isInString;
		else if (this.#isInString) return;
		else if (code === comma) this.#values++;
		else if (openers.has(code)) this.#depth++;
		else if (closers.has(code)) this.#depth--;
		if (this.#depth > maxDepth) throw badRequest('Request body is nested too deeply');
		if (this.#values > this.#maxValues) throw badRequest('Request body has too many values');
	}
}
