import { uuidPattern } from '#lib/contract/uuid-pattern.ts';
import { mdiAlertCircleOutline, mdiAlertOutline, mdiCheckCircleOutline, mdiInformationOutline } from '@mdi/js';
import type { Notification, NotificationLevel } from '#lib/contract/notifications/notification.ts';

interface LevelLook {
	readonly word: string;
	readonly icon: string;
	/** CSS class for its color. */
	readonly ink: string;
}

export const levelLooks: Readonly<Record<NotificationLevel, LevelLook>> = {
	success: { word: 'Success', icon: mdiCheckCircleOutline, ink: 'text-good' },
	error: { word: 'Error', icon: mdiAlertCircleOutline, ink: 'text-bad' },
	warning: { word: 'Warning', icon: mdiAlertOutline, ink: 'text-caution' },
	info: { word: 'Information', icon: mdiInformationOutline, ink: 'text-accent' }
};

/** The levels as options, the usual one first. */
export const levelOptions = (['info', 'success', 'warning', 'error'] as const).map((value) => ({
	value,
	label: levelLooks[value].word
}));

const ownPages = {
	devices: { href: '/account/devices', title: 'Review devices' },
	password: { href: '/account/password', title: 'Change your password' },
	pin: { href: '/account/pin', title: 'Manage PIN' },
	providers: { href: '/account/providers', title: 'See your providers' },
	profile: { href: '/account/profile', title: 'See your profile' },
	apiKeys: { href: '/account/api-keys', title: 'See your API keys' },
	partners: { href: '/account/partners', title: 'See your partners' }
};

type OwnPage = keyof typeof ownPages;
const isOwnPage = (about: unknown): about is OwnPage => typeof about === 'string' && Object.hasOwn(ownPages, about);

interface Link {
	readonly href: string;
	readonly title: string;
}

/** Link for details or actions; only to this console's pages, whatever a notification contains. */
export function getLink({ type, data }: Notification, { isAdmin }: { isAdmin: boolean }): Link | null {
	const { about, id, albumId } = data ?? {};
	if (type === 'AlbumInvite' || type === 'AlbumUpdate')
		return typeof albumId === 'string' && uuidPattern.test(albumId)
			? { href: `/albums/${albumId}`, title: 'Open the album' }
			: null;
	if (type !== 'SystemMessage') return null;
	if (isOwnPage(about)) return ownPages[about];
	const isBatch = about === 'batch' && isAdmin && typeof id === 'string' && uuidPattern.test(id);
	return isBatch ? { href: `/admin/users/batches/${id}`, title: 'View results' } : null;
}

const longestTitle = 200;
const longestDescription = 600;

/** Truncates text for a list; `isCut` is true if there is more. */
export function toExcerpt({ title, description = '' }: Notification) {
	return {
		title: cut(title, longestTitle),
		description: cut(description, longestDescription),
		isCut: title.length > longestTitle || description.length > longestDescription
	};
}

const cut = (text: string, length: number): string =>
	text.length > length ? `${text.slice(0, length).toWellFormed().trimEnd()}…` : text;
