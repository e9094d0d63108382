import type { Auth } from '../auth/auth.ts';
import { invalidApiKey, invalidUserToken } from '../errors.ts';
import type { Repositories } from '../repositories/store.ts';

/**
 * Throws 401 where the calling credential has ended since the door looked at it. In a transaction that holds the account's
 * row, which whoever ends credentials for good takes first, so that what is made by it is either made before or not at all.
 */
export async function requireLive({ sessions, apiKeys }: Repositories, { credential }: Auth): Promise<void> {
	if (credential.kind === 'session') {
		if (!(await sessions.exists(credential.sessionId))) throw invalidUserToken();
	} else if (!(await apiKeys.hasSecret(credential.keyId, credential.keyHash))) throw invalidApiKey();
}
