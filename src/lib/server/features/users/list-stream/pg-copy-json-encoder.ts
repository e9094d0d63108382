const code = (character: string) => character.charCodeAt(0);
const tab = code('\t');
const newline = code('\n');
const backslash = code('\\');
const quote = code('"');
const zero = code('0');
const minus = code('-');
const point = code('.');
const nullMark = code('N');
const timeMark = code('T');
const zone = code('Z');
const truth = code('t');

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const wordSize = 4;
const uuidLength = 36;
/** `2026-07-21 10:00:00` */
const dateTimeLength = 19;

/** Bytes that can't be copied unchanged. */
const isSpecial = Uint8Array.from({ length: 256 }, (_, byte) =>
	byte < 0x20 || byte === quote || byte === backslash ? 1 : 0
);
const toEscape = (byte: number) => `\\u${byte.toString(16).padStart(4, '0')}`;
/** COPY and JSON both escape control characters with a backslash; COPY writes only these in the same way. */
const sharedEscapes = new Set(['b', 'f', 'n', 'r', 't', '\\'].map(code));
const verticalTab = toEscape(0x0b);

const createView = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** Not zeroed, which is safe: only bytes that were written are exposed. */
const allocate = (size: number): Uint8Array => Buffer.allocUnsafeSlow(size);

/** A constant, stored as 32-bit words: writing a word costs as much as writing a byte. */
export class Literal {
	readonly words: Uint32Array;
	readonly length: number;

	constructor(text: string) {
		const bytes = encoder.encode(text);
		this.length = bytes.length;
		const padded = new Uint8Array(Math.ceil(bytes.length / wordSize) * wordSize);
		padded.set(bytes);
		const view = new DataView(padded.buffer);
		this.words = Uint32Array.from({ length: padded.length / wordSize }, (_, index) => view.getUint32(index * wordSize));
	}
}

const literals = { null: new Literal('null'), true: new Literal('true'), false: new Literal('false') };

/**
 * Reads COPY's text cell by cell and writes JSON without intermediate strings. Each method writes one value and advances to
 * the next cell (PostgreSQL documentation, COPY, ‘Text Format’; RFC 8259 §7).
 */
export class PgCopyJsonEncoder {
	readonly #lines: Uint8Array;
	readonly #linesView: DataView;
	#at = 0;
	#bytes: Uint8Array;
	#view: DataView;
	#length = 0;
	/** The maximum size of the current line, in bytes. */
	#lineSize = 0;

	/** Expects whole lines. */
	constructor(lines: Uint8Array) {
		// Subarrays of a Buffer are Buffers, which are slower to create.
		this.#lines = new Uint8Array(lines.buffer, lines.byteOffset, lines.byteLength);
		this.#linesView = createView(lines);
		this.#bytes = allocate(lines.length * 3);
		this.#view = createView(this.#bytes);
	}

	/** The bytes written so far. */
	get written(): Uint8Array {
		return this.#bytes.subarray(0, this.#length);
	}

	/** Whether another line follows. */
	get hasMore(): boolean {
		return this.#at < this.#lines.length;
	}

	/** Reserves room for the JSON of the line that starts here; `rest` is the room needed besides its texts, in bytes. */
	reserveLine(rest: number): void {
		const lineLength = this.#lines.indexOf(newline, this.#at) - this.#at;
		// A byte becomes `\u0001` at most.
		this.#lineSize = lineLength * 6 + rest;
		this.#reserve(this.#lineSize);
	}

	/** Writes constant text without reading a cell. */
	literal({ words, length }: Literal): void {
		const view = this.#view;
		const start = this.#length;
		for (let index = 0; index < words.length; index++)
			// The index is within bounds. The last word may extend past the end, where the next write overwrites it.
			view.setUint32(start + index * wordSize, words[index] as number);
		this.#length = start + length;
	}

	/** Whether the current cell is NULL. */
	get isNull(): boolean {
		return this.#lines[this.#at] === backslash && this.#lines[this.#at + 1] === nullMark;
	}

	/** Writes `null` if the cell is NULL; returns whether it is. */
	writeNull(): boolean {
		if (!this.isNull) return false;
		this.literal(literals.null);
		this.#at += 3;
		return true;
	}

	/** Writes a string or null. */
	text(): void {
		if (this.writeNull()) return;
		const lines = this.#lines;
		const bytes = this.#bytes;
		let at = this.#at;
		let length = this.#length;
		bytes[length++] = quote;
		for (;;) {
			const byte = lines[at++] as number; // Every line ends with a newline.
			if (isSpecial[byte] === 0) bytes[length++] = byte;
			else if (byte === tab || byte === newline) break;
			else if (byte === backslash && sharedEscapes.has(lines[at] ?? 0)) {
				bytes[length++] = backslash;
				bytes[length++] = lines[at++] ?? 0;
			} else if (byte === quote) {
				bytes[length++] = backslash;
				bytes[length++] = quote;
			} else {
				const isVerticalTab = byte === backslash;
				if (isVerticalTab) at++;
				const escaped = isVerticalTab ? verticalTab : toEscape(byte);
				length += encoder.encodeInto(escaped, bytes.subarray(length)).written;
			}
		}
		bytes[length++] = quote;
		this.#at = at;
		this.#length = length;
	}

	/** Writes a UUID, which is never NULL, as a string. */
	uuid(): void {
		this.#put(quote);
		this.#copy(uuidLength);
		this.#put(quote);
		this.#at++;
	}

	/** Writes a boolean, which is never NULL. */
	flag(): void {
		this.literal(this.#lines[this.#at] === truth ? literals.true : literals.false);
		this.#at += 2;
	}

	/** Writes a number or null. */
	number(): void {
		if (this.writeNull()) return;
		this.#copy(this.#cellEnd() - this.#at);
		this.#at++;
	}

	/** Writes a number, 0 if it is negative. */
	naturalNumber(): void {
		if (this.#lines[this.#at] !== minus) return this.number();
		this.#put(zero);
		this.#at = this.#cellEnd() + 1;
	}

	/** Writes `2026-07-21 10:00:00.5+00` as `"2026-07-21T10:00:00.500Z"`. */
	moment(): void {
		if (this.writeNull()) return;
		this.#put(quote);
		const start = this.#length;
		this.#copy(dateTimeLength);
		this.#bytes[start + 10] = timeMark;
		const end = this.#cellEnd();
		const digits = end - this.#at - '.+00'.length;
		this.#put(point);
		for (let digit = 1; digit <= 3; digit++) this.#put(digit <= digits ? (this.#lines[this.#at + digit] ?? 0) : zero);
		this.#put(zone);
		this.#put(quote);
		this.#at = end + 1;
	}

	/** The start of the next cell. */
	get position(): number {
		return this.#at;
	}

	/** Reads the cell as text, null for NULL. Of COPY's escapes, only backslashes are decoded. */
	read(): string | null {
		const cell = this.isNull ? null : this.textAt(this.#at);
		this.#at = this.#cellEnd() + 1;
		return cell?.replaceAll('\\\\', '\\') ?? null;
	}

	/** Returns the raw text of the cell at a position. */
	textAt(position: number): string {
		return decoder.decode(this.#lines.subarray(position, this.#cellEnd(position)));
	}

	/** Returns the sum of the code points of the cell at a position; null unless all are ASCII. */
	asciiSumAt(position: number): number | null {
		let sum = 0;
		for (let at = position; ; at++) {
			const byte = this.#lines[at] ?? 0;
			if (byte === tab || byte === newline) return sum;
			if (byte > 0x7f) return null;
			sum += byte;
		}
	}

	/** Returns the first byte of the cell. */
	readFirstByte(): number {
		const byte = this.#lines[this.#at] ?? 0;
		this.#at = this.#cellEnd() + 1;
		return byte;
	}

	/** Writes any value of any size. */
	value(value: unknown): void {
		const bytes = encoder.encode(JSON.stringify(value));
		this.#reserve(bytes.length + this.#lineSize);
		this.#bytes.set(bytes, this.#length);
		this.#length += bytes.length;
	}

	/** Makes room for `count` more bytes; nothing else checks the capacity. */
	#reserve(count: number): void {
		const needed = this.#length + count;
		if (needed <= this.#bytes.length) return;
		const grown = allocate(Math.max(needed, this.#bytes.length * 2));
		grown.set(this.written);
		this.#bytes = grown;
		this.#view = createView(grown);
	}

	#put(byte: number): void {
		this.#bytes[this.#length++] = byte;
	}

	/** Copies `count` bytes, word by word. */
	#copy(count: number): void {
		const view = this.#view;
		const linesView = this.#linesView;
		const from = this.#at;
		const to = this.#length;
		let index = 0;
		for (; index + wordSize <= count; index += wordSize) view.setUint32(to + index, linesView.getUint32(from + index));
		for (; index < count; index++) view.setUint8(to + index, linesView.getUint8(from + index));
		this.#at = from + count;
		this.#length = to + count;
	}

	#cellEnd(position = this.#at): number {
		let end = position;
		while (this.#lines[end] !== tab && this.#lines[end] !== newline) end++;
		return end;
	}
}
