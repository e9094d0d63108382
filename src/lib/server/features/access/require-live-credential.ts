import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { forbidden, invalidApiKey, invalidUserToken } from '#lib/server/platform/errors.ts';
import type { Repositories } from '#lib/server/app/store.ts';

/**
 * Throws 401 where the calling credential has ended since the door looked at it. In a transaction that holds the account's
 * row, which whoever ends credentials for good takes first, so that what is made by it is either made before or not at all.
 */
export async function requireLive({ sessions, apiKeys }: Repositories, { credential }: Auth): Promise<void> {
	switch (credential.kind) {
		case 'session':
			if (!(await sessions.exists(credential.sessionId))) throw invalidUserToken();
			return;
		case 'apiKey':
			if (!(await apiKeys.hasSecret(credential.keyId, credential.keyHash))) throw invalidApiKey();
			return;
		case 'maintenance':
			// It is nobody's, and is judged with the period: maintenance/maintenance.service.ts.
			return;
	}
}

/**
 * The same for an administrator, who may have been demoted or deleted meanwhile. Call it after taking the lock on the row
 * that is changed: whoever waited there has to be checked again.
 */
export async function requireLiveAdmin(repositories: Repositories, auth: Auth): Promise<void> {
	await requireLive(repositories, auth);
	if (!(await repositories.users.find(auth.user.id))?.isAdmin) throw forbidden();
}
