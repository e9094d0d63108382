/**
 * Reads a stream up to a limit, whatever length was announced. Exceeding it ends the iteration, which closes the stream if its
 * iterator does.
 * @throws {Error} the one that `tooLarge` returns, as soon as the limit is exceeded
 */
export async function readBounded(
	parts: AsyncIterable<Uint8Array>,
	maxBytes: number,
	tooLarge: () => Error
): Promise<Buffer<ArrayBuffer>> {
	const read: Uint8Array[] = [];
	let sizeBytes = 0;
	for await (const part of parts) {
		sizeBytes += part.byteLength;
		if (sizeBytes > maxBytes) throw tooLarge();
		read.push(part);
	}
	return Buffer.concat(read);
}
