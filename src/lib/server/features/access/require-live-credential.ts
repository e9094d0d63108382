import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { forbidden } from '#lib/server/platform/errors.ts';
import { invalidApiKey, invalidUserToken } from './errors.ts';
import type { LiveAdminRepositories, LiveRepositories } from './repositories.ts';

/**
 * Checks that the calling credential still exists. Call it in a transaction that holds the lock on the user's row.
 * Revoking credentials takes that lock first, so nothing can be created with a revoked credential.
 * @throws {AppError} 401 if the credential has ended since the auth hook checked it
 */
export async function requireLive({ sessions, apiKeys }: LiveRepositories, { credential }: Auth): Promise<void> {
	switch (credential.kind) {
		case 'session':
			if (!(await sessions.exists(credential.sessionId))) throw invalidUserToken();
			return;
		case 'apiKey':
			if (!(await apiKeys.hasSecret(credential.keyId, credential.keyHash))) throw invalidApiKey();
			return;
		case 'sharedLink':
			// Each access check reads the link as it is.
			return;
		case 'maintenance':
			// It belongs to no user, and is checked with the period: maintenance/maintenance.service.ts.
			return;
		case 'commandLine':
			// A command on the database needs no permission of ours.
			return;
	}
}

/**
 * The same for an admin, who may have been demoted or deleted meanwhile. Call it after locking the row to be changed:
 * anything can have happened while waiting for the lock.
 * @throws {AppError} 401 as above, 403 if the user is no longer an admin
 */
export async function requireLiveAdmin(repositories: LiveAdminRepositories, auth: Auth): Promise<void> {
	await requireLive(repositories, auth);
	if (auth.credential.kind === 'commandLine') return;
	if (auth.credential.kind === 'sharedLink') throw forbidden();
	if (!(await repositories.users.find(auth.user.id))?.isAdmin) throw forbidden();
}
