/**
 * Reads a stream up to a limit. Throws as soon as it is exceeded, whatever length was announced, and ends the iteration,
 * which closes the stream if its iterator does.
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
