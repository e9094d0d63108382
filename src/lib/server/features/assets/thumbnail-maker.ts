import { LRUCache } from 'lru-cache';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { AssetFiles } from './asset-files.ts';
import type { SourceRow } from './asset.repository.ts';
import type { ImageFormat, ImageMaker } from './image-maker.ts';
import type { AssetStore } from './repositories.ts';

interface Dependencies {
	readonly store: AssetStore;
	readonly files: AssetFiles;
	readonly images: ImageMaker;
	readonly settings: SettingsReader;
	readonly log: Log;
}

export type ThumbnailType = 'thumbnail' | 'preview' | 'fullsize';

/** Makes the smaller pictures of photos, and knows where they are. */
export class ThumbnailMaker {
	readonly #deps: Dependencies;
	/** Being made: a grid may ask for the same one several times. */
	readonly #running = new Map<string, Promise<string | null>>();
	/** Photos that can't be decoded aren't tried again with every request. */
	readonly #undecodable = new LRUCache<string, true>({ max: 10_000, ttl: 60 * 60_000 });

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Reads what a photo's file says about itself into its rows; returns whether it can be decoded. */
	async readMetadata(source: SourceRow): Promise<boolean> {
		const { store, files, images } = this.#deps;
		const file = files.resolve(source.originalPath);
		if (file === null || source.type !== 'IMAGE') return false;
		try {
			const { width, height, taken, exif } = await images.readMetadata(file);
			await store.transaction(async ({ assets }) => {
				const time = taken && { fileCreatedAt: taken.at, localDateTime: taken.local };
				await assets.update([source.id], { width, height, ...time });
				await assets.updateExif([source.id], exif);
			});
			return true;
		} catch (error) {
			this.#note(source.id, error);
			return false;
		}
	}

	/** Makes what is missing of the pictures that the grid and the viewer show; returns whether the photo can be decoded. */
	async makeAll(source: SourceRow): Promise<boolean> {
		const preview = await this.find(source, 'preview');
		return preview !== null && (await this.find(source, 'thumbnail')) !== null;
	}

	/** Returns the stored path of a picture, which is made if it is missing; null if the photo can't be decoded. */
	async find(source: SourceRow, type: ThumbnailType): Promise<string | null> {
		const known = source.files.find((file) => file.type === type);
		if (known && (await this.#deps.files.read(known.path))) return known.path;
		if (source.type !== 'IMAGE' || this.#undecodable.has(source.id)) return null;
		const key = `${source.id} ${type}`;
		const running = this.#running.get(key) ?? this.#make(source, type).finally(() => this.#running.delete(key));
		this.#running.set(key, running);
		return running;
	}

	async #make(source: SourceRow, type: ThumbnailType): Promise<string | null> {
		const { store, files, images } = this.#deps;
		const original = files.resolve(source.originalPath);
		if (original === null) return null;
		const format = this.#getFormat(type);
		try {
			// The preview is much faster to read.
			const preview = type === 'thumbnail' ? source.files.find((file) => file.type === 'preview') : undefined;
			const bytes = await images.make((preview && files.resolve(preview.path)) ?? original, format);
			const stored = await files.writeThumbnail(source.ownerId, source.id, `${type}.${format.format}`, bytes);
			await store.assets.setFile(source.id, type, stored);
			if (type === 'thumbnail') await store.assets.update([source.id], { thumbhash: await images.hash(bytes) });
			return stored;
		} catch (error) {
			this.#note(source.id, error);
			return null;
		}
	}

	#getFormat(type: ThumbnailType): ImageFormat {
		const { thumbnail, preview, fullsize } = this.#deps.settings.current.system.image;
		if (type === 'fullsize')
			return { format: fullsize.format, quality: fullsize.quality, progressive: fullsize.progressive };
		return type === 'thumbnail' ? thumbnail : preview;
	}

	#note(assetId: string, error: unknown): void {
		this.#undecodable.set(assetId, true);
		const reason = error instanceof Error ? error.message : String(error);
		this.#deps.log.debug({ assetId, reason }, 'A photo can’t be decoded');
	}
}
