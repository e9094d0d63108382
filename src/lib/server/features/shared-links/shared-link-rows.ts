import type { SharedLinkSummary } from '#lib/contract/shared-links/shared-link.ts';
import type { PublicUser } from '#lib/server/features/users/index.ts';

/** What a share key or slug belongs to: a link that still shows something, and its creator. */
export interface SharedLinkIdentity extends Omit<PublicUser, 'id'> {
	readonly userId: string;
	readonly isAdmin: boolean;
	readonly linkId: string;
	readonly albumId: string | null;
	/** The bcrypt hash; null for a link without a password. */
	readonly passwordHash: string | null;
	readonly allowUpload: boolean;
	/** Never without metadata, which the files themselves contain. */
	readonly allowDownload: boolean;
	readonly showMetadata: boolean;
}

/** How a visitor names a link. */
export type LinkName = { readonly key: Uint8Array } | { readonly slug: string };

/** A link without its password. */
export interface SharedLinkRow {
	readonly id: string;
	readonly type: 'ALBUM' | 'INDIVIDUAL';
	readonly key: Uint8Array;
	readonly slug: string | null;
	readonly userId: string;
	readonly description: string | null;
	readonly hasPassword: boolean;
	readonly albumId: string | null;
	readonly createdAt: Date;
	readonly expiresAt: Date | null;
	readonly allowUpload: boolean;
	readonly allowDownload: boolean;
	readonly showMetadata: boolean;
}

/** A link with what it shows and how often it was opened. */
export interface SharedLinkSummaryRow extends SharedLinkRow {
	readonly albumName: string | null;
	readonly assetCount: number;
	readonly thumbnailAssetId: string | null;
	readonly visits: number;
	readonly lastVisitDay: string | null;
	readonly state: SharedLinkSummary['state'];
}

/** The values of a link that can be changed. */
export interface SharedLinkValues {
	readonly description: string | null;
	readonly passwordHash: string | null;
	readonly slug: string | null;
	readonly expiresAt: Date | null;
	readonly allowUpload: boolean;
	readonly allowDownload: boolean;
	readonly showMetadata: boolean;
}

/** Which links to list, newest first. */
export interface SharedLinkFilter {
	readonly userId: string;
	readonly id?: string | undefined;
	readonly albumId?: string | undefined;
	/** The ID of the last link of the page before. */
	readonly afterId?: string | undefined;
	readonly limit: number;
}

/** Where an asset is among those that a link shows, newest first. */
export interface ShownPlace {
	readonly id: string;
	readonly index: number;
	readonly previousId: string | null;
	readonly nextId: string | null;
}
