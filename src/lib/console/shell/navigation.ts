import {
	mdiAccountCircleOutline,
	mdiAccountMultipleOutline,
	mdiApi,
	mdiBellOutline,
	mdiClipboardTextClockOutline,
	mdiCogOutline,
	mdiCogSyncOutline,
	mdiDevices,
	mdiDialpad,
	mdiKeyOutline,
	mdiLinkVariant,
	mdiLockOutline,
	mdiServerOutline,
	mdiWrenchOutline
} from '@mdi/js';

export interface NavigationItem {
	readonly href: string;
	readonly title: string;
	/** Path data of a 24 × 24 icon. */
	readonly icon: string;
	readonly isAdminOnly: boolean;
	/** Shown only where there is a provider to sign in through. */
	readonly needsProviders?: true;
}

/** What decides which pages somebody is led to. */
export interface Reader {
	readonly isAdmin: boolean;
	readonly providers: readonly unknown[];
}

export interface NavigationGroup {
	readonly title: string;
	readonly items: readonly NavigationItem[];
}

/** Everything the console's menu can show; a page is added by one line. It only hides links: access is the door's. */
export const navigation: readonly NavigationGroup[] = [
	{
		title: 'Administration',
		items: [
			{ href: '/admin/users', title: 'Users', icon: mdiAccountMultipleOutline, isAdminOnly: true },
			{ href: '/admin/jobs', title: 'Jobs', icon: mdiCogSyncOutline, isAdminOnly: true },
			{ href: '/admin/audit', title: 'Audit log', icon: mdiClipboardTextClockOutline, isAdminOnly: true },
			{ href: '/admin/settings', title: 'Settings', icon: mdiCogOutline, isAdminOnly: true },
			{ href: '/admin/server', title: 'Server', icon: mdiServerOutline, isAdminOnly: true },
			{ href: '/admin/maintenance', title: 'Maintenance', icon: mdiWrenchOutline, isAdminOnly: true }
		]
	},
	{
		title: 'Account',
		items: [
			{ href: '/account/profile', title: 'Profile', icon: mdiAccountCircleOutline, isAdminOnly: false },
			{ href: '/account/notifications', title: 'Notifications', icon: mdiBellOutline, isAdminOnly: false },
			{ href: '/account/password', title: 'Password', icon: mdiLockOutline, isAdminOnly: false },
			{
				href: '/account/providers',
				title: 'Sign-in providers',
				icon: mdiLinkVariant,
				isAdminOnly: false,
				needsProviders: true
			},
			{ href: '/account/pin', title: 'PIN', icon: mdiDialpad, isAdminOnly: false },
			{ href: '/account/devices', title: 'Devices', icon: mdiDevices, isAdminOnly: false },
			{ href: '/account/api-keys', title: 'API keys', icon: mdiKeyOutline, isAdminOnly: false }
		]
	},
	{
		title: 'Programs',
		items: [{ href: '/api-reference', title: 'API', icon: mdiApi, isAdminOnly: false }]
	}
];

/** Leaves out what this user may not open, and groups that are then empty. */
export const navigationFor = ({ isAdmin, providers }: Reader): NavigationGroup[] =>
	navigation
		.map(({ title, items }) => ({
			title,
			items: items.filter((item) => (isAdmin || !item.isAdminOnly) && (providers.length > 0 || !item.needsProviders))
		}))
		.filter(({ items }) => items.length > 0);

/** Tells whether the page shown is this item's or lies below it. */
export const isCurrent = (item: NavigationItem, path: string): boolean =>
	path === item.href || path.startsWith(`${item.href}/`);
