import type { SharedLinkSummary } from '#lib/contract/shared-links/shared-link.ts';

/** The address that a link's owner sends to others: the readable one if there is one. */
export const buildAddress = (origin: string, { key, slug }: Pick<SharedLinkSummary, 'key' | 'slug'>): string =>
	slug === null ? `${origin}/share/${key}` : `${origin}/s/${encodeURIComponent(slug)}`;
