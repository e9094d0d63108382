/** What the server's state says about the first steps. */
export interface Setup {
	readonly hasPublicUrl: boolean;
	readonly userCount: number;
	readonly hasProvider: boolean;
	readonly hasMailServer: boolean;
	readonly isBackupPlanned: boolean;
	readonly hasAppSession: boolean;
}

export interface FirstStep {
	readonly title: string;
	readonly text: string;
	/** Where to do it; null if it's done on the overview itself. */
	readonly href: string | null;
	readonly isDone: boolean;
}

/** Lists the first steps of a new server, in the order in which they make sense. */
export const listFirstSteps = (setup: Setup): FirstStep[] => [
	{
		title: 'Set the public URL',
		text: 'Used in links that you share and in the apps.',
		href: '/admin/settings/server',
		isDone: setup.hasPublicUrl
	},
	{
		title: 'Create the first users',
		text: 'One by one, or many from a CSV file.',
		href: '/admin/users/new',
		isDone: setup.userCount > 1
	},
	{
		title: 'Choose how users sign in',
		text: 'Passwords work out of the box. Connect an identity provider if you have one.',
		href: '/admin/settings/oauth',
		isDone: setup.hasProvider
	},
	{
		title: 'Connect a mail server',
		text: 'Stored for Immich, which sends the emails.',
		href: '/admin/settings/notifications',
		isDone: setup.hasMailServer
	},
	{
		title: 'Plan backups',
		text: 'Back up the database and the folder with the photos regularly. Check this off yourself.',
		href: null,
		isDone: setup.isBackupPlanned
	},
	{
		title: 'Sign in with the mobile app',
		text: 'Scan the code with your phone, then enter the URL in the app.',
		href: null,
		isDone: setup.hasAppSession
	}
];
