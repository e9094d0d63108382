/** Builds a box of an MP4 file. */
export function box(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
	const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
	const header = Buffer.alloc(8);
	header.writeUInt32BE(content.byteLength + 8);
	header.write(type, 4, 'latin1');
	return Buffer.concat([header, content]);
}

const numbers = (...values: readonly number[]): Buffer => {
	const bytes = Buffer.alloc(4 * values.length);
	for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
	return bytes;
};

const times = numbers(0, 0xe1e1e1e1, 0xe2e2e2e2, 7);

/** A track whose samples are two chunks of one and two. */
function track(kind: string, sampleSizes: readonly [number, number, number], at: number): Buffer {
	const second = at + sampleSizes[0];
	const table = box(
		'stbl',
		box('stsz', numbers(0, 0, 3, ...sampleSizes)),
		box('stsc', numbers(0, 2, 1, 1, 1, 2, 2, 1)),
		box('stco', numbers(0, 2, at, second))
	);
	const handler = box('hdlr', numbers(0, 0), kind, numbers(0, 0, 0), 'Camera of Ada');
	const media = box('mdia', box('mdhd', times), handler, box('minf', table));
	return box('trak', box('tkhd', times), media, box('udta', 'place of the track'));
}

/** Builds a small MP4 file with a picture, a sound and a position in its content, and metadata everywhere. */
export function buildMovie(): Buffer {
	const start = box('ftyp', 'isom');
	const content = { vide: 'PICTURE', soun: 'SOUNDED', meta: 'PLACES!' };
	const all = Object.values(content).join('');
	const first = start.byteLength + 8;
	const tracks = Object.keys(content).map((kind, index) => track(kind, [2, 2, 3], first + 7 * index));
	const movie = box(
		'moov',
		box('mvhd', times),
		...tracks,
		box('udta', 'home'),
		box('meta', 'Ada'),
		box('free', 'left')
	);
	return Buffer.concat([start, box('mdat', all), movie, box('uuid', 'XMP of Ada'), box('skip', 'more')]);
}
