import PQueue from 'p-queue';
import { restrictedSharp } from '#lib/server/platform/images/sharp.ts';
import { readExif, type FileMetadata } from './exif.ts';

/** More than phone cameras produce. Above it, a small file could fill the memory when decompressed. */
const maxInputPixels = 220_000_000;
const longestWorkSeconds = 30;
/** Each picture takes a processor. */
const concurrency = 2;
const hashPixels = 100;

/** How a picture is made; the formats are those of the settings. */
export interface ImageFormat {
	readonly format: 'jpeg' | 'webp';
	readonly quality: number;
	readonly progressive: boolean;
	/** The longest side at most; absent for the original size. */
	readonly size?: number;
}

const inputOptions = { limitInputPixels: maxInputPixels, failOn: 'error', pages: 1, sequentialRead: true } as const;

/** Reads photos and makes smaller pictures of them, a few at a time. */
export class ImageMaker {
	readonly #queue = new PQueue({ concurrency });

	/**
	 * Reads size and metadata of a photo.
	 * @throws {Error} the decoder's, if it can't be read
	 */
	readMetadata(file: string): Promise<FileMetadata> {
		return this.#inTurn(async () => {
			const sharp = await restrictedSharp();
			const { width, height, orientation = 1, exif } = await sharp(file, inputOptions).metadata();
			return readExif(exif ? await parseExif(exif) : null, { width, height, orientation });
		});
	}

	/**
	 * Makes an upright picture without metadata such as time and location.
	 * @throws {Error} the decoder's, if it can't be read or is too large
	 */
	make(file: string, { format, quality, progressive, size }: ImageFormat): Promise<Buffer> {
		return this.#inTurn(async () => {
			const sharp = await restrictedSharp();
			const upright = sharp(file, inputOptions).autoOrient();
			const sized =
				size === undefined ? upright : upright.resize(size, size, { fit: 'outside', withoutEnlargement: true });
			return (
				format === 'webp'
					? sized.webp({ quality })
					: sized.flatten({ background: '#fff' }).jpeg({ quality, progressive })
			)
				.timeout({ seconds: longestWorkSeconds })
				.toBuffer();
		});
	}

	/** Makes the few bytes that the grid shows until the thumbnail is there. */
	hash(thumbnail: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
		return this.#inTurn(async () => {
			const [sharp, { rgbaToThumbHash }] = await Promise.all([restrictedSharp(), import('thumbhash')]);
			const { data, info } = await sharp(thumbnail, inputOptions)
				.resize(hashPixels, hashPixels, { fit: 'inside' })
				.ensureAlpha()
				.raw()
				.toBuffer({ resolveWithObject: true });
			return new Uint8Array(rgbaToThumbHash(info.width, info.height, data));
		});
	}

	#inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
		return this.#queue.add(work, { throwOnTimeout: true });
	}
}

/** Metadata can be damaged in a photo that is fine. */
async function parseExif(bytes: Buffer) {
	try {
		const { default: parse } = await import('exif-reader');
		return parse(bytes);
	} catch {
		return null;
	}
}
