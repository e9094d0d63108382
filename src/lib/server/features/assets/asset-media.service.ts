import type { AssetMediaSize } from '#lib/contract/assets/asset-operations.ts';
import type { BinaryReply } from '#lib/contract/operation.ts';
import { noAccess, requireAccess } from '#lib/server/features/access/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { AssetFiles } from './asset-files.ts';
import type { SourceRow } from './asset.repository.ts';
import { fileMissing, noVideo, videoHidden } from './errors.ts';
import { findMimeType } from './file-types.ts';
import { toExtension } from './file-names.ts';
import { buildPlaceholder } from './placeholder.ts';
import type { AssetStore } from './repositories.ts';
import type { ThumbnailMaker } from './thumbnail-maker.ts';

interface Dependencies {
	readonly store: AssetStore;
	readonly files: AssetFiles;
	readonly thumbnails: ThumbnailMaker;
}

type ObjectPermission = Parameters<typeof requireAccess>[1]['permission'];

/** Browsers ask every time, because access can end at any moment; an unchanged picture isn't sent again. */
const neverStale = 0;

/** Types that a browser shows as a picture and that can't contain anything else. */
const shownTypes = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']);

/** Sends the files of assets. */
export class AssetMediaService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Opens the file as it was uploaded, to be saved.
	 * @throws {AppError} 400 without access, 404 if the file is missing
	 */
	async openOriginal(auth: Auth, id: string): Promise<BinaryReply> {
		const source = await this.#find(auth, 'asset.download', id);
		return { ...(await this.#open(source)), downloadName: this.#nameFor(auth, source) };
	}

	/**
	 * Opens a picture of an asset; a placeholder of ours if none can be made.
	 * @throws {AppError} 400 without access, 404 if the file is missing
	 */
	async openThumbnail(auth: Auth, id: string, size: AssetMediaSize): Promise<BinaryReply> {
		const source = await this.#find(auth, 'asset.view', id);
		const { credential } = auth;
		const isFull = size === 'original' || size === 'fullsize';
		// A link that allows no downloads doesn't hand out the original under another name, nor hidden metadata with it.
		const isLimited = credential.kind === 'sharedLink' && !credential.allowDownload;
		const isBare = credential.kind === 'sharedLink' && !credential.showMetadata;
		const isShown = shownTypes.has(findMimeType(source.originalFileName));
		if (isFull && isShown && !isLimited && !isBare) return this.#open(source);
		const type = !isFull ? size : isLimited ? 'preview' : 'fullsize';
		const stored = await this.#deps.thumbnails.find(source, type);
		const opened = stored === null ? null : await this.#deps.files.read(stored);
		if (stored === null || !opened) return openPlaceholder(source);
		return { ...opened, contentType: findMimeType(stored), maxAgeSeconds: neverStale };
	}

	/**
	 * Opens a video to be played, for a link that hides metadata without when and where it was taken.
	 * @throws {AppError} 400 without access, for a photo, or if its metadata has to be removed and can't be; 404 if the file is
	 * missing
	 */
	async openVideo(auth: Auth, id: string): Promise<BinaryReply> {
		const source = await this.#find(auth, 'asset.view', id);
		if (source.type !== 'VIDEO') throw noVideo();
		const { credential } = auth;
		const mustHide = credential.kind === 'sharedLink' && !credential.showMetadata;
		if (!mustHide) return this.#open(source);
		const opened = await this.#deps.files.readVideoWithoutMetadata(source.originalPath);
		if (!opened) throw videoHidden();
		return { ...opened, contentType: findMimeType(source.originalFileName), maxAgeSeconds: 0 };
	}

	async #find(auth: Auth, permission: ObjectPermission, id: string): Promise<SourceRow> {
		const { store } = this.#deps;
		await requireAccess(store, { auth, permission, ids: [id] });
		const source = await store.assets.findSource(id);
		if (!source) throw noAccess(permission);
		return source;
	}

	async #open({ originalPath, originalFileName }: SourceRow): Promise<BinaryReply> {
		const opened = await this.#deps.files.read(originalPath);
		if (!opened) throw fileMissing();
		return { ...opened, contentType: findMimeType(originalFileName), maxAgeSeconds: 0 };
	}

	/** A link that hides metadata doesn't tell names either. */
	#nameFor({ credential }: Auth, { originalFileName }: SourceRow): string {
		const isHidden = credential.kind === 'sharedLink' && !credential.showMetadata;
		return isHidden ? `photo${toExtension(originalFileName)}` : originalFileName;
	}
}

function openPlaceholder({ type }: SourceRow): BinaryReply {
	const bytes = buildPlaceholder(type);
	const content = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
	return {
		content,
		sizeBytes: bytes.byteLength,
		contentType: 'image/svg+xml',
		version: `placeholder-${type}`,
		maxAgeSeconds: 0
	};
}
