import PQueue from 'p-queue';
import { overloaded } from '#lib/server/platform/errors.ts';
import { restrictedSharp } from '#lib/server/platform/images/sharp.ts';

export const squarePixels = 250;
const quality = 80;

/** The most that phone cameras produce. Above it, a small file could fill the memory when decompressed. */
const maxInputPixels = 64_000_000;
const longestWorkSeconds = 10;
/** Images processed in parallel, and waiting; each keeps its file in memory. */
const concurrency = 2;
const maxWaiting = 8;

/** The version of the library that decodes images. */
export const readVipsVersion = async (): Promise<string> => (await import('sharp')).default.versions.vips;

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
	Buffer.from(text, 'latin1').equals(bytes.subarray(at, at + text.length));

/** Whether a file, by its first bytes, is an accepted raster image: JPEG, PNG, WebP, GIF, AVIF, HEIC. */
export const isRasterImage = (bytes: Uint8Array): boolean =>
	startsWith(bytes, '\xff\xd8\xff') ||
	startsWith(bytes, '\x89PNG\r\n\x1a\n') ||
	(startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) ||
	/^GIF8[79]a/.test(Buffer.from(bytes.subarray(0, 6)).toString('latin1')) ||
	/^ftyp(avif|avis|heic|heix|heim|heis|hevc|hevx|mif1|msf1)/.test(
		Buffer.from(bytes.subarray(4, 12)).toString('latin1')
	);

/** Creates small square images, a few at a time. */
export class ProfileImageResizer {
	readonly #queue = new PQueue({ concurrency });

	/**
	 * Turns an image upright, crops its center to a square and re-encodes it as WebP without metadata such as time and
	 * location.
	 * @throws {AppError} 503 if too many are waiting
	 * @throws {Error} the decoder's, if the image is damaged
	 */
	resize(bytes: Uint8Array): Promise<Buffer> {
		if (this.#queue.size >= maxWaiting) throw overloaded(longestWorkSeconds);
		return this.#queue.add(
			async () => {
				const sharp = await restrictedSharp();
				return sharp(bytes, { limitInputPixels: maxInputPixels, failOn: 'error', pages: 1 })
					.rotate()
					.resize(squarePixels, squarePixels, { fit: 'cover' })
					.webp({ quality })
					.timeout({ seconds: longestWorkSeconds })
					.toBuffer();
			},
			{ throwOnTimeout: true }
		);
	}
}
