import PQueue from 'p-queue';
import sharp from 'sharp';
import { overloaded } from '../errors.ts';

export const squarePixels = 250;
const quality = 80;

/** What a camera of a phone makes at most; beyond, a small file can fill the memory when it is unpacked. */
const maxInputPixels = 64_000_000;
const longestWorkSeconds = 10;
/** Pictures worked on at once, and waiting; each holds its file in memory. */
const concurrency = 2;
const maxWaiting = 8;

// libvips reads many kinds of files, documents among them; nothing but raster images is to reach its readers.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
	operation: [
		'VipsForeignLoadJpeg',
		'VipsForeignLoadPng',
		'VipsForeignLoadWebp',
		'VipsForeignLoadNsgif',
		'VipsForeignLoadHeif'
	]
});
sharp.cache(false);

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
	Buffer.from(text, 'latin1').equals(bytes.subarray(at, at + text.length));

/** Tells by its first bytes whether a file is a raster image of a kind that is taken: JPEG, PNG, WebP, GIF, AVIF, HEIC. */
export const isRasterImage = (bytes: Uint8Array): boolean =>
	startsWith(bytes, '\xff\xd8\xff') ||
	startsWith(bytes, '\x89PNG\r\n\x1a\n') ||
	(startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) ||
	/^GIF8[79]a/.test(Buffer.from(bytes.subarray(0, 6)).toString('latin1')) ||
	/^ftyp(avif|avis|heic|heix|heim|heis|hevc|hevx|mif1|msf1)/.test(
		Buffer.from(bytes.subarray(4, 12)).toString('latin1')
	);

/** Makes small square pictures, a few at a time. */
export class SquareMaker {
	readonly #queue = new PQueue({ concurrency });

	/**
	 * Turns a picture upright, cuts its middle to a square and encodes it anew as WebP, without what it told of time and
	 * place. Throws whatever the decoder complains of, and 503 when too many wait.
	 */
	make(bytes: Uint8Array): Promise<Buffer> {
		if (this.#queue.size >= maxWaiting) throw overloaded(longestWorkSeconds);
		return this.#queue.add(
			() =>
				sharp(bytes, { limitInputPixels: maxInputPixels, failOn: 'error', pages: 1 })
					.rotate()
					.resize(squarePixels, squarePixels, { fit: 'cover' })
					.webp({ quality })
					.timeout({ seconds: longestWorkSeconds })
					.toBuffer(),
			{ throwOnTimeout: true }
		);
	}
}
