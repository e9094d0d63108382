import { grants } from '#lib/server/platform/caller/authorize.ts';
import type { Identity } from '#lib/server/platform/caller/caller.ts';
import type { Sessions } from '#lib/server/features/sessions/index.ts';
import type { ApiKeyRepository } from '#lib/server/features/api-keys/index.ts';

/** Whose a connection is, and by which credential. */
export interface Holder {
	readonly userId: string;
	readonly kind: 'session' | 'apiKey';
	/** The session’s or the key’s. */
	readonly id: string;
	readonly isAdmin: boolean;
}

/** Names the holder of a credential; null for one that opens no connection. Source: wire reference 12. */
export function holderOf({ user, credential }: Identity): Holder | null {
	const person = { userId: user.id, isAdmin: user.isAdmin };
	switch (credential.kind) {
		case 'session':
			return credential.mustChangePassword ? null : { ...person, kind: 'session', id: credential.sessionId };
		case 'apiKey':
			return grants(credential.permissions, 'all') ? { ...person, kind: 'apiKey', id: credential.keyId } : null;
		case 'maintenance':
			return null;
	}
}

/** What became of the credentials of open connections, by the credentials' IDs. Those in neither have ended. */
export interface HolderStates {
	readonly good: ReadonlyMap<string, Holder>;
	/** Sessions that stand, but are refused until their user has changed the password. */
	readonly mustChangePassword: ReadonlySet<string>;
}

/** Looks again at credentials that were good when a connection was made. */
export class Holders {
	readonly #sessions: Sessions;
	readonly #apiKeys: ApiKeyRepository;

	constructor(sessions: Sessions, apiKeys: ApiKeyRepository) {
		this.#sessions = sessions;
		this.#apiKeys = apiKeys;
	}

	/** Reads the present state of these holders' credentials. Two queries, however many there are. */
	async readStates(holders: readonly Holder[]): Promise<HolderStates> {
		const idsOf = (kind: Holder['kind']) => holders.filter((holder) => holder.kind === kind).map(({ id }) => id);
		const keyIds = idsOf('apiKey');
		const [sessions, keys] = await Promise.all([
			this.#sessions.listGood(idsOf('session')),
			keyIds.length === 0 ? [] : this.#apiKeys.listIdentities(keyIds)
		]);
		const good: Holder[] = [
			...sessions
				.filter(({ mustChangePassword }) => !mustChangePassword)
				.map(({ userId, isAdmin, sessionId }) => ({ userId, isAdmin, kind: 'session' as const, id: sessionId })),
			...keys
				.filter(({ permissions }) => grants(permissions, 'all'))
				.map(({ userId, isAdmin, keyId }) => ({ userId, isAdmin, kind: 'apiKey' as const, id: keyId }))
		];
		return {
			good: new Map(good.map((holder) => [holder.id, holder])),
			mustChangePassword: new Set(
				sessions.filter((session) => session.mustChangePassword).map(({ sessionId }) => sessionId)
			)
		};
	}
}
