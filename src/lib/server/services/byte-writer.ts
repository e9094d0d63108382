/** Writes bytes one behind the other into memory that grows as needed. */
export class ByteWriter {
	#bytes: Uint8Array;
	#length = 0;

	constructor(capacity: number) {
		this.#bytes = new Uint8Array(capacity);
	}

	/** Makes room for so many more bytes. Call it before `put` and `copy`, which do not look. */
	reserve(count: number): void {
		if (this.#length + count <= this.#bytes.length) return;
		const grown = new Uint8Array(Math.max(this.#length + count, this.#bytes.length * 2));
		grown.set(this.#bytes.subarray(0, this.#length));
		this.#bytes = grown;
	}

	put(byte: number): void {
		this.#bytes[this.#length++] = byte;
	}

	/** Copies a part; byte by byte, which is faster than calling `set` for the few bytes of a cell. */
	copy(source: Uint8Array, start = 0, end = source.length): void {
		const bytes = this.#bytes;
		let length = this.#length;
		for (let index = start; index < end; index++, length++) bytes[length] = source[index] as number; // Within its length.
		this.#length = length;
	}

	/** What has been written, without its first byte. */
	withoutFirst(): Uint8Array {
		return this.#bytes.subarray(1, this.#length);
	}
}
