import {
	mdiAccountCircleOutline,
	mdiAccountHeartOutline,
	mdiAccountMultipleOutline,
	mdiApi,
	mdiBellOutline,
	mdiClipboardTextClockOutline,
	mdiCogOutline,
	mdiCogSyncOutline,
	mdiConsole,
	mdiDevices,
	mdiDialpad,
	mdiEyeOutline,
	mdiHomeOutline,
	mdiImageMultipleOutline,
	mdiImageAlbum,
	mdiKeyOutline,
	mdiLinkVariant,
	mdiLockOutline,
	mdiMonitorCellphone,
	mdiServerOutline,
	mdiShareVariantOutline,
	mdiViewDashboardOutline,
	mdiWrenchOutline
} from '@mdi/js';

export interface NavigationItem {
	readonly href: string;
	readonly title: string;
	/** Path data of a 24 × 24 icon. */
	readonly icon: string;
	readonly isAdminOnly: boolean;
	/** Pages below it belong to other items. */
	readonly isAlone?: true;
	/** Shown only if a provider is configured. */
	readonly needsProviders?: true;
	/** In front of an Immich, its page is opened in place of ours, or there is none here. */
	readonly inFront?: 'immich' | 'hidden';
}

/** What determines the pages in a user's menu. */
export interface Reader {
	readonly isAdmin: boolean;
	readonly providers: readonly unknown[];
	/** Whether this server is in front of an Immich. */
	readonly isInFront?: boolean;
}

export interface NavigationGroup {
	readonly title: string;
	readonly items: readonly NavigationItem[];
}

/** All menu entries; a page is added with one line. It only hides links: access is checked by the auth hook. */
export const navigation: readonly NavigationGroup[] = [
	{
		title: 'Administration',
		items: [
			{ href: '/admin', title: 'Overview', icon: mdiViewDashboardOutline, isAdminOnly: true, isAlone: true },
			{ href: '/admin/users', title: 'Users', icon: mdiAccountMultipleOutline, isAdminOnly: true },
			{ href: '/admin/sessions', title: 'Sessions', icon: mdiMonitorCellphone, isAdminOnly: true },
			{ href: '/admin/jobs', title: 'Jobs', icon: mdiCogSyncOutline, isAdminOnly: true },
			{ href: '/admin/audit', title: 'Audit log', icon: mdiClipboardTextClockOutline, isAdminOnly: true },
			{ href: '/admin/settings', title: 'Settings', icon: mdiCogOutline, isAdminOnly: true },
			{ href: '/admin/server', title: 'Server', icon: mdiServerOutline, isAdminOnly: true },
			{ href: '/admin/maintenance', title: 'Maintenance', icon: mdiWrenchOutline, isAdminOnly: true }
		]
	},
	{
		title: 'Photos',
		items: [
			{ href: '/photos', title: 'Photos', icon: mdiImageMultipleOutline, isAdminOnly: false, inFront: 'immich' },
			{ href: '/albums', title: 'Albums', icon: mdiImageAlbum, isAdminOnly: false, inFront: 'immich' }
		]
	},
	{
		title: 'Account',
		items: [
			{ href: '/home', title: 'Home', icon: mdiHomeOutline, isAdminOnly: false },
			{ href: '/account/profile', title: 'Profile', icon: mdiAccountCircleOutline, isAdminOnly: false },
			{ href: '/account/notifications', title: 'Notifications', icon: mdiBellOutline, isAdminOnly: false },
			{ href: '/account/password', title: 'Password', icon: mdiLockOutline, isAdminOnly: false },
			{
				href: '/account/providers',
				title: 'Linked accounts',
				icon: mdiLinkVariant,
				isAdminOnly: false,
				needsProviders: true
			},
			{ href: '/account/pin', title: 'PIN', icon: mdiDialpad, isAdminOnly: false },
			{ href: '/account/devices', title: 'Devices', icon: mdiDevices, isAdminOnly: false },
			{
				href: '/account/partners',
				title: 'Partners',
				icon: mdiAccountHeartOutline,
				isAdminOnly: false,
				inFront: 'hidden'
			},
			{
				href: '/account/shared-links',
				title: 'Shared links',
				icon: mdiShareVariantOutline,
				isAdminOnly: false,
				inFront: 'hidden'
			},
			{ href: '/account/sharing', title: 'Who can see what', icon: mdiEyeOutline, isAdminOnly: false },
			{ href: '/account/api-keys', title: 'API keys', icon: mdiKeyOutline, isAdminOnly: false }
		]
	},
	{
		title: 'Developers',
		items: [
			{ href: '/device', title: 'Connect a device', icon: mdiConsole, isAdminOnly: false },
			{ href: '/api-reference', title: 'API reference', icon: mdiApi, isAdminOnly: false }
		]
	}
];

/** Removes entries the user can't open, and groups left empty. */
export const navigationFor = ({ isAdmin, providers, isInFront = false }: Reader): NavigationGroup[] =>
	navigation
		.map(({ title, items }) => ({
			title,
			items: items.filter(
				(item) =>
					(isAdmin || !item.isAdminOnly) &&
					(providers.length > 0 || !item.needsProviders) &&
					!(isInFront && item.inFront === 'hidden')
			)
		}))
		.filter(({ items }) => items.length > 0);

/** Whether the current page is this item's or below it. */
export const isCurrent = (item: NavigationItem, path: string): boolean =>
	path === item.href || (!item.isAlone && path.startsWith(`${item.href}/`));
