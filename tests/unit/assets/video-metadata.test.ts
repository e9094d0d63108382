import { describe, expect, it } from 'vitest';
import { applyPatches, findVideoMetadata } from '#lib/server/features/assets/video-metadata.ts';
import { box, buildMovie } from '#tests/support/movies.ts';

const find = (file: Buffer) =>
	findVideoMetadata((offset, length) => Promise.resolve(file.subarray(offset, offset + length)), file.byteLength);

async function strip(file: Buffer, from = 0, pieceBytes = 5): Promise<Buffer> {
	const patches = await find(file);
	if (!patches) throw new Error('Refused');
	const pieces = new ReadableStream<Uint8Array>({
		start(controller) {
			for (let at = from; at < file.byteLength; at += pieceBytes)
				controller.enqueue(file.subarray(at, at + pieceBytes));
			controller.close();
		}
	});
	const stripped: Uint8Array[] = [];
	for await (const piece of pieces.pipeThrough(applyPatches(patches, from))) stripped.push(piece);
	return Buffer.concat(stripped);
}

describe('a video without metadata', () => {
	it('keeps its size, its picture and its sound, and nothing else', async () => {
		const movie = buildMovie();
		const text = (await strip(movie)).toString('latin1');
		expect(text).toHaveLength(movie.byteLength);
		expect(text).toContain(`mdatPICTURESOUNDED${'\0'.repeat(7)}`);
		for (const told of ['PLACES', 'place', 'home', 'Ada', 'left', 'XMP', 'more', 'udta', 'uuid'])
			expect(text).not.toContain(told);
		// The times of the movie, its tracks and their media.
		expect(Buffer.from(text, 'latin1').includes(Buffer.from('e1e1e1e1', 'hex'))).toBe(false);
		expect(movie.includes(Buffer.from('e1e1e1e1', 'hex'))).toBe(true);
	});

	it.each([1, 3, 1_000])('is the same from anywhere, in pieces of %i bytes', async (pieceBytes) => {
		const movie = buildMovie();
		const whole = await strip(movie);
		for (let from = 0; from < movie.byteLength; from += 7)
			expect((await strip(movie, from, pieceBytes)).equals(whole.subarray(from))).toBe(true);
	});

	it.each([
		['nothing', Buffer.alloc(0)],
		['a text', Buffer.from('0123456789')],
		['no movie', Buffer.concat([box('ftyp', 'isom'), box('mdat', 'PLACES')])],
		['fragments', Buffer.concat([buildMovie(), box('moof', 'x')])],
		['a box that is too long', Buffer.concat([buildMovie(), box('udta', 'x').subarray(0, 8)])],
		['a track without a table', Buffer.concat([box('ftyp'), box('mdat'), box('moov', box('trak', box('mdia')))])],
		['a cut-off end', buildMovie().subarray(0, -3)]
	])('can’t be made from %s', async (_, file) => {
		expect(await find(file)).toBeNull();
	});

	it('can’t be made from a track with endless samples', async () => {
		const movie = buildMovie();
		const at = movie.lastIndexOf('stsz') + 8;
		movie.writeUInt32BE(1, at);
		movie.writeUInt32BE(0xffffffff, at + 4);
		expect(await find(movie)).toBeNull();
	});
});
