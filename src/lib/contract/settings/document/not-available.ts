/** Warnings for settings pages whose feature this server does not implement yet. */
export const notAvailable: Readonly<Record<string, { readonly title: string; readonly text: string } | undefined>> = {
	backup: {
		title: 'This server makes no backups',
		text: 'These settings are stored for Immich, but no backup is made, whatever they say. Back up the database with pg_dump or by copying the data folder of a stopped server.'
	},
	notifications: {
		title: 'This server sends no email',
		text: 'The connection to the mail server is tested when you save, but no email is sent yet. Users see notifications in the app.'
	},
	templates: { title: 'This server sends no email', text: 'These texts are stored for Immich, but not used yet.' },
	job: {
		title: 'Only background tasks run here',
		text: 'All other values are stored for Immich. Changing them has no effect on this server.'
	}
};
