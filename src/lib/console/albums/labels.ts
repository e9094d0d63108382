import type { Album, AlbumRole } from '#lib/contract/albums/album.ts';
import { formatQuantity } from '../ui/format/count.ts';
import { formatDay } from '../ui/format/dates.ts';

/** The roles that can be given to a member. */
export const roleOptions = [
	{ value: 'editor', label: 'Editor' },
	{ value: 'viewer', label: 'Viewer' }
] as const;

const roleTitles: Readonly<Record<AlbumRole, string>> = { owner: 'Owner', editor: 'Editor', viewer: 'Viewer' };
export const getRoleTitle = (role: AlbumRole): string => roleTitles[role];

/** ‘an editor’, to continue a sentence. */
export const nameRole = (role: AlbumRole): string => (role === 'viewer' ? 'a viewer' : `an ${role}`);

export const nameAlbum = ({ albumName }: Pick<Album, 'albumName'>): string => albumName.trim() || 'Untitled';

/** The role of a user in an album; a user who isn't a member can do no more than a viewer. */
export const getRole = ({ albumUsers }: Pick<Album, 'albumUsers'>, userId: string): AlbumRole =>
	albumUsers.find(({ user }) => user.id === userId)?.role ?? 'viewer';

/** ‘12 photos, May 1, 2026 to May 3, 2026’. */
export function describeAlbum({ assetCount, startDate, endDate }: Album): string {
	const count = formatQuantity(assetCount, 'photo');
	if (startDate === undefined || endDate === undefined) return count;
	const [first, last] = [formatDay(startDate), formatDay(endDate)];
	return first === last ? `${count}, ${first}` : `${count}, ${first} to ${last}`;
}

export const getThumbnailUrl = (assetId: string): string => `/api/assets/${assetId}/thumbnail?size=thumbnail`;
export const getPreviewUrl = (assetId: string): string => `/api/assets/${assetId}/thumbnail?size=preview`;
