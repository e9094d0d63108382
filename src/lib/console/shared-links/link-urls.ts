import type { LinkView } from '#lib/contract/shared-links/link-view.ts';

/** What both pages of a link load. */
export interface LinkPageData {
	/** Scheme and host of this server. */
	readonly origin: string;
	/** Of the page itself, `/share/KEY` or `/s/SLUG`. */
	readonly path: string;
	/** `key=…` or `slug=…`, which each address below /api needs. */
	readonly credential: string;
	/** Null until its password is entered. */
	readonly link: LinkView | null;
}

export type LinkUrls = ReturnType<typeof buildLinkUrls>;

/** The addresses of everything on a link's page. */
export const buildLinkUrls = ({ path, credential }: Pick<LinkPageData, 'path' | 'credential'>) => ({
	thumbnail: (id: string, size: 'thumbnail' | 'preview') => `/api/assets/${id}/thumbnail?size=${size}&${credential}`,
	original: (id: string) => `/api/assets/${id}/original?${credential}`,
	video: (id: string) => `/api/assets/${id}/video/playback?${credential}`,
	archive: `/api/download/archive?${credential}`,
	upload: `/api/assets?${credential}`,
	photo: (id: string) => `${path}?photo=${id}`,
	page: (page: number) => (page === 1 ? path : `${path}?page=${page}`)
});
