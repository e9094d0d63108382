import type { Auth } from './caller.ts';

/** No user's ID: a command belongs to none. */
const placeholderUserId = '00000000-0000-0000-0000-000000000000';

/**
 * The caller of a command on the server, who may do everything an admin may: no request ever becomes this caller.
 * @param client the program and its system user, for the audit log
 */
export const createCommandLineAuth = (client: string): Auth => ({
	user: {
		id: placeholderUserId,
		email: '',
		name: 'The server’s command line',
		isAdmin: true,
		avatarColor: null,
		profileImagePath: '',
		profileChangedAt: new Date(0)
	},
	credential: { kind: 'commandLine', isAmbient: false },
	clientInfo: {
		address: '',
		browser: null,
		device: { deviceType: '', deviceOS: '', appVersion: null },
		client,
		knownClient: null,
		correlationId: ''
	}
});
