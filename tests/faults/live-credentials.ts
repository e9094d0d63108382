import type { Fault } from './fault.ts';

const admins = ['tests/api/races/ended-admins.test.ts'];
const credentials = ['tests/api/races/ended-credentials.test.ts'];

/** Checks of the caller within a transaction, of which each has a place of its own. */
export const liveCredentialFaults: readonly Fault[] = [
	{
		title: 'a demoted admin discards a batch',
		file: 'src/lib/server/features/user-batches/user-batch.service.ts',
		after: 'batches.discard(id)',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin starts a batch',
		file: 'src/lib/server/features/user-batches/user-batch.service.ts',
		after: 'batches.start(id, creator, keys)',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin drafts a batch',
		file: 'src/lib/server/features/user-batches/user-batch.service.ts',
		after: 'await store.batches.tidy()',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin takes the passwords of a batch',
		file: 'src/lib/server/features/user-batches/user-batch.service.ts',
		after: 'batches.takePasswords(id)',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin pauses a queue',
		file: 'src/lib/server/features/jobs/queue.service.ts',
		after: 'const { queueStates, audit } = repositories',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin empties a queue',
		file: 'src/lib/server/features/jobs/queue.service.ts',
		after: 'async #drop(',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin starts a job',
		file: 'src/lib/server/features/jobs/queue.service.ts',
		after: 'async start(auth: Auth',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin retries failed jobs',
		file: 'src/lib/server/features/jobs/queue.service.ts',
		after: 'async retry(auth: Auth',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: "a demoted admin sets the server's license",
		file: 'src/lib/server/features/licenses/license.service.ts',
		after: 'async setForServer(',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: "a demoted admin removes the server's license",
		file: 'src/lib/server/features/licenses/license.service.ts',
		after: 'async deleteForServer(',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin marks the introduction as seen',
		file: 'src/lib/server/features/server-info/server.service.ts',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin sends a notification',
		file: 'src/lib/server/features/notifications/notification.service.ts',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin forgives wrong passwords',
		file: 'src/lib/server/features/sign-in/sign-in-check.service.ts',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin changes settings',
		file: 'src/lib/server/features/settings/settings-writer.ts',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin clears a PIN',
		file: 'src/lib/server/features/sign-in/pin-code.service.ts',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: credentials
	},
	{
		title: 'a demoted admin ends a session',
		file: 'src/lib/server/features/sessions/session-admin.service.ts',
		after: 'async end(',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin ends the sessions of a user',
		file: 'src/lib/server/features/sessions/session-admin.service.ts',
		after: 'const { users, sessions, audit } = repositories',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: credentials
	},
	{
		title: "a demoted admin ends everyone's sessions",
		file: 'src/lib/server/features/sessions/session-admin.service.ts',
		after: 'async endOfAllUsers(',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin unlinks everyone',
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		after: 'await oauthUnlinks.lockAll()',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin creates a user',
		file: 'src/lib/server/features/users/user-admin.service.ts',
		after: 'const { users, passwordStates, audit } = repositories',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'a demoted admin ends an API key',
		file: 'src/lib/server/features/api-keys/api-key-admin.service.ts',
		after: 'const { apiKeys, users, audit } = repositories',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: admins
	},
	{
		title: 'an admin who was demoted meanwhile changes maintenance',
		file: 'src/lib/server/features/maintenance/maintenance.service.ts',
		find: "credential.kind === 'maintenance' ? Promise.resolve() : requireLiveAdmin(repositories, auth)",
		replace: 'Promise.resolve()',
		tests: admins
	},
	{
		title: 'a session that has ended changes a picture',
		file: 'src/lib/server/features/profile-images/profile-image.service.ts',
		find: 'await requireLive(repositories, auth)',
		replace: 'undefined',
		tests: credentials
	},
	{
		title: "a session that has ended changes its user's license",
		file: 'src/lib/server/features/licenses/license.service.ts',
		after: '#changeOwn(auth: Auth',
		find: 'await requireLive(repositories, auth)',
		replace: 'undefined',
		tests: credentials
	},
	{
		title: 'a session that has ended changes preferences',
		file: 'src/lib/server/features/users/user.service.ts',
		find: 'owner.id === auth.user.id ? requireLive : requireLiveAdmin',
		replace: 'async () => undefined',
		tests: [...admins, ...credentials]
	},
	{
		title: 'a session that has ended links a provider',
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		after: 'await users.lock(id)',
		find: 'await requireLive(repositories, auth)',
		replace: 'undefined',
		tests: credentials
	},
	{
		title: 'a session that has ended unlinks a provider',
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		find: 'userId === auth.user.id ? requireLive : requireLiveAdmin',
		replace: 'async () => undefined',
		tests: credentials
	}
];
