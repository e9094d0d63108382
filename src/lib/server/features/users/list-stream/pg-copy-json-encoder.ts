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

/** What of a text can't be taken over byte by byte. */
const isSpecial = Uint8Array.from({ length: 256 }, (_, byte) =>
	byte < 0x20 || byte === quote || byte === backslash ? 1 : 0
);
const escapeOf = (byte: number) => `\\u${byte.toString(16).padStart(4, '0')}`;
/** COPY and JSON both write control characters behind a backslash; these are all that COPY writes like that. */
const sharedEscapes = new Set(['b', 'f', 'n', 'r', 't', '\\'].map(code));
const verticalTab = escapeOf(0x0b);

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** Gives memory as it is: all of it that leaves has been written to. */
const allocate = (size: number): Uint8Array => Buffer.allocUnsafeSlow(size);

/** A constant, kept as words: to set a word costs as much as to set a byte. */
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
 * Reads COPY's text cell by cell and writes JSON, without a string in between. Each method writes one value and goes on
 * to the next cell (PostgreSQL documentation, COPY, ‘Text Format’; RFC 8259 §7).
 */
export class CopyJson {
	readonly #lines: Uint8Array;
	readonly #linesView: DataView;
	#at = 0;
	#bytes: Uint8Array;
	#view: DataView;
	#length = 0;
	/** What the line needs at most, in bytes. */
	#lineSize = 0;

	/** Takes whole lines. */
	constructor(lines: Uint8Array) {
		// A Buffer's parts are Buffers, which cost more to make.
		this.#lines = new Uint8Array(lines.buffer, lines.byteOffset, lines.byteLength);
		this.#linesView = viewOf(lines);
		this.#bytes = allocate(lines.length * 3);
		this.#view = viewOf(this.#bytes);
	}

	/** What has been written. */
	get written(): Uint8Array {
		return this.#bytes.subarray(0, this.#length);
	}

	get hasMore(): boolean {
		return this.#at < this.#lines.length;
	}

	/** Makes room for the JSON of the line that begins here; `rest` is what it needs beside its texts, in bytes. */
	reserveLine(rest: number): void {
		const lineLength = this.#lines.indexOf(newline, this.#at) - this.#at;
		// A byte becomes `\u0001` at most.
		this.#lineSize = lineLength * 6 + rest;
		this.#reserve(this.#lineSize);
	}

	literal({ words, length }: Literal): void {
		const view = this.#view;
		const start = this.#length;
		for (let index = 0; index < words.length; index++)
			// Within its length. The last word may reach over the end; what is written next covers that.
			view.setUint32(start + index * wordSize, words[index] as number);
		this.#length = start + length;
	}

	get isNull(): boolean {
		return this.#lines[this.#at] === backslash && this.#lines[this.#at + 1] === nullMark;
	}

	/** Writes `null` where the cell is NULL, and says whether it is. */
	writeNull(): boolean {
		if (!this.isNull) return false;
		this.literal(literals.null);
		this.#at += 3;
		return true;
	}

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
				const escaped = isVerticalTab ? verticalTab : escapeOf(byte);
				length += encoder.encodeInto(escaped, bytes.subarray(length)).written;
			}
		}
		bytes[length++] = quote;
		this.#at = at;
		this.#length = length;
	}

	uuid(): void {
		this.#put(quote);
		this.#copy(uuidLength);
		this.#put(quote);
		this.#at++;
	}

	flag(): void {
		this.literal(this.#lines[this.#at] === truth ? literals.true : literals.false);
		this.#at += 2;
	}

	number(): void {
		if (this.writeNull()) return;
		this.#copy(this.#cellEnd() - this.#at);
		this.#at++;
	}

	/** Writes a number, 0 for one below it. */
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

	/** Where the next cell begins. */
	get position(): number {
		return this.#at;
	}

	/** Reads the cell as text, null for NULL. Of what COPY escapes, only backslashes are read back. */
	read(): string | null {
		const cell = this.isNull ? null : this.textAt(this.#at);
		this.#at = this.#cellEnd() + 1;
		return cell?.replaceAll('\\\\', '\\') ?? null;
	}

	/** Gives the text of the cell at a position, as it stands there. */
	textAt(position: number): string {
		return decoder.decode(this.#lines.subarray(position, this.#cellEnd(position)));
	}

	/** Adds up the code points of the cell at a position: null where there are others than ASCII's. */
	asciiSumAt(position: number): number | null {
		let sum = 0;
		for (let at = position; ; at++) {
			const byte = this.#lines[at] ?? 0;
			if (byte === tab || byte === newline) return sum;
			if (byte > 0x7f) return null;
			sum += byte;
		}
	}

	/** Reads what the cell begins with. */
	readFirstByte(): number {
		const byte = this.#lines[this.#at] ?? 0;
		this.#at = this.#cellEnd() + 1;
		return byte;
	}

	/** Writes any value, of whatever size. */
	value(value: unknown): void {
		const bytes = encoder.encode(JSON.stringify(value));
		this.#reserve(bytes.length + this.#lineSize);
		this.#bytes.set(bytes, this.#length);
		this.#length += bytes.length;
	}

	/** Makes room for so many more bytes, which is all that looks at the room there is. */
	#reserve(count: number): void {
		const needed = this.#length + count;
		if (needed <= this.#bytes.length) return;
		const grown = allocate(Math.max(needed, this.#bytes.length * 2));
		grown.set(this.written);
		this.#bytes = grown;
		this.#view = viewOf(grown);
	}

	#put(byte: number): void {
		this.#bytes[this.#length++] = byte;
	}

	/** Takes over so many bytes, word by word. */
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
