import type { Permission } from '#lib/contract/permissions/permission.ts';
import { noAccess } from './errors.ts';
import type { OwnedRepositories } from './repositories.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';

/** Returns those of the IDs that the caller may access. */
type Rule = (repositories: OwnedRepositories, auth: Auth, ids: readonly string[]) => Promise<readonly string[]>;

const ownSession: Rule = ({ sessions }, { user }, ids) => sessions.findOwned(user.id, ids);
const ownNotification: Rule = ({ notifications }, { user }, ids) => notifications.findOwned(user.id, ids);
/** Deleting twice isn't an error, as in Immich. */
const anyOwnNotification: Rule = ({ notifications }, { user }, ids) =>
	notifications.findOwned(user.id, ids, { withDeleted: true });

/**
 * The rule of each permission; without one, access is denied.
 * Source: docs/wire-reference/access.md#rules-for-a-user.
 */
const rules = {
	'session.update': ownSession,
	'session.lock': ownSession,
	'authDevice.delete': ownSession,
	'notification.read': ownNotification,
	'notification.update': ownNotification,
	'notification.delete': anyOwnNotification
} as const satisfies Partial<Record<Permission, Rule>>;

/**
 * Checks access to owned rows, after the auth hook has checked the operation. API keys are not included: for another user's
 * key the wire format requires `API Key not found`, so their service looks only among the caller's own keys.
 */
export class OwnedAccess {
	readonly #repositories: OwnedRepositories;

	constructor(repositories: OwnedRepositories) {
		this.#repositories = repositories;
	}

	/**
	 * Checks that the caller has the permission for all of the rows.
	 * @throws {AppError} 400 `Not found or no … access` otherwise
	 */
	async require(auth: Auth, permission: keyof typeof rules, ids: readonly string[]): Promise<void> {
		const allowed = new Set(await rules[permission](this.#repositories, auth, ids));
		if (!ids.every((id) => allowed.has(id))) throw noAccess(permission);
	}
}
