import { grants } from '#lib/server/platform/caller/authorize.ts';
import { toElevatedMs, type Identity } from '#lib/server/platform/caller/caller.ts';
import type { SessionManager } from '#lib/server/features/sessions/index.ts';
import type { ApiKeyRepository } from '#lib/server/features/api-keys/index.ts';

/** The owner of a connection, and the credential. */
export interface ConnectionOwner {
	readonly userId: string;
	readonly kind: 'session' | 'apiKey';
	/** The ID of the session or API key. */
	readonly id: string;
	readonly isAdmin: boolean;
	/** When an elevated session locks, in milliseconds since 1970; null if it isn't elevated. */
	readonly elevatedUntil: number | null;
}

/** Whether the owner is within reach of locked assets now. */
export const isElevatedOwner = ({ elevatedUntil }: ConnectionOwner): boolean =>
	elevatedUntil !== null && elevatedUntil > Date.now();

const toElevatedUntil = (pinExpiresAt: Date | null): number | null =>
	toElevatedMs(pinExpiresAt) > 0 ? (pinExpiresAt?.getTime() ?? null) : null;

/**
 * Returns the holder of a credential; null if it can't open a connection.
 * Source: docs/wire-reference/websockets.md#connection.
 */
export function toConnectionOwner({ user, credential }: Identity): ConnectionOwner | null {
	const shared = { userId: user.id, isAdmin: user.isAdmin };
	switch (credential.kind) {
		case 'session':
			return credential.mustChangePassword
				? null
				: {
						...shared,
						kind: 'session',
						id: credential.sessionId,
						elevatedUntil: toElevatedUntil(credential.pinExpiresAt)
					};
		case 'apiKey':
			return grants(credential.permissions, 'all')
				? { ...shared, kind: 'apiKey', id: credential.keyId, elevatedUntil: null }
				: null;
		case 'sharedLink':
		case 'maintenance':
		case 'commandLine':
			return null;
	}
}

/** The state of the credentials of open connections, by credential ID. Those in neither have ended. */
export interface OwnerStates {
	readonly good: ReadonlyMap<string, ConnectionOwner>;
	/** Live sessions that are refused until the user has changed the password. */
	readonly mustChangePassword: ReadonlySet<string>;
}

/** Rechecks credentials that were valid when a connection was opened. */
export class ConnectionOwners {
	readonly #sessions: SessionManager;
	readonly #apiKeys: ApiKeyRepository;

	constructor(sessions: SessionManager, apiKeys: ApiKeyRepository) {
		this.#sessions = sessions;
		this.#apiKeys = apiKeys;
	}

	/** Reads the current state of these holders' credentials, in two queries regardless of their number. */
	async readStates(owners: readonly ConnectionOwner[]): Promise<OwnerStates> {
		const listIds = (kind: ConnectionOwner['kind']) =>
			owners.filter((owner) => owner.kind === kind).map(({ id }) => id);
		const keyIds = listIds('apiKey');
		const [sessions, keys] = await Promise.all([
			this.#sessions.listGood(listIds('session')),
			keyIds.length === 0 ? [] : this.#apiKeys.listIdentities(keyIds)
		]);
		const good: ConnectionOwner[] = [
			...sessions
				.filter(({ mustChangePassword }) => !mustChangePassword)
				.map(({ userId, isAdmin, sessionId, pinExpiresAt }) => ({
					userId,
					isAdmin,
					kind: 'session' as const,
					id: sessionId,
					elevatedUntil: toElevatedUntil(pinExpiresAt)
				})),
			...keys
				.filter(({ permissions }) => grants(permissions, 'all'))
				.map(({ userId, isAdmin, keyId }) => ({
					userId,
					isAdmin,
					kind: 'apiKey' as const,
					id: keyId,
					elevatedUntil: null
				}))
		];
		return {
			good: new Map(good.map((owner) => [owner.id, owner])),
			mustChangePassword: new Set(
				sessions.filter((session) => session.mustChangePassword).map(({ sessionId }) => sessionId)
			)
		};
	}
}
