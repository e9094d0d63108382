import type { Asset } from '../assets/asset.ts';

/** A photo or video in a link's gallery. */
export interface ShownAsset {
	readonly id: string;
	readonly type: Asset['type'];
	readonly name: string;
	/** Of a video, in milliseconds. */
	readonly duration: number | null;
	/** A day without a time zone. */
	readonly takenOn: string;
}

/** One photo of the gallery with its neighbors. */
export interface ShownPhoto extends ShownAsset {
	readonly previousId: string | null;
	readonly nextId: string | null;
}

/** What the page of a link shows: a page of its gallery, or one photo. */
export interface LinkView {
	readonly title: string;
	readonly description: string | null;
	readonly expiresAt: string | null;
	readonly allowDownload: boolean;
	readonly allowUpload: boolean;
	readonly showMetadata: boolean;
	/** How many photos and videos there are. */
	readonly total: number;
	readonly page: number;
	readonly pages: number;
	readonly assets: readonly ShownAsset[];
	/** The one that was asked for. */
	readonly photo: ShownPhoto | null;
}
