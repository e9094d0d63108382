import type { SharedLinkSummary } from '#lib/contract/shared-links/shared-link.ts';
import { formatQuantity } from '../ui/format/count.ts';

type Rights = Pick<SharedLinkSummary, 'allowUpload' | 'allowDownload' | 'showMetadata'>;

export const roleTitles = { owner: 'Owner', editor: 'Editor', viewer: 'Viewer' } as const;

/** What visitors of a link can do: ‘See, download and upload’. */
export function formatRights({ allowUpload, allowDownload, showMetadata }: Rights): string {
	const rights = ['see', ...(allowDownload && showMetadata ? ['download'] : []), ...(allowUpload ? ['upload'] : [])];
	const last = rights.at(-1) ?? '';
	const sentence = rights.length === 1 ? last : `${rights.slice(0, -1).join(', ')} and ${last}`;
	return `Visitors can ${sentence}${showMetadata ? '' : '; metadata is hidden'}`;
}

/** ‘Opened 3 times’. */
export const formatVisits = (visits: number): string =>
	visits === 0 ? 'Never opened' : visits === 1 ? 'Opened once' : `Opened ${formatQuantity(visits, 'time')}`;

/** What a link shows. */
export const getLinkTitle = ({ album, assetCount }: Pick<SharedLinkSummary, 'album' | 'assetCount'>): string =>
	album ? album.albumName || 'Untitled album' : formatQuantity(assetCount, 'photo');
