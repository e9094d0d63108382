import type { Permission } from '#lib/contract/permissions/permission.ts';
import { noAccess } from '#lib/server/platform/errors.ts';
import type { Repositories } from '#lib/server/app/store.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';

/** Tells which of these ids the caller may use in this way. */
type Rule = (repositories: Repositories, auth: Auth, ids: readonly string[]) => Promise<readonly string[]>;

const ownSession: Rule = ({ sessions }, { user }, ids) => sessions.findOwned(user.id, ids);
const ownNotification: Rule = ({ notifications }, { user }, ids) => notifications.findOwned(user.id, ids);
/** Deleting twice is no failure, as in Immich. */
const anyOwnNotification: Rule = ({ notifications }, { user }, ids) =>
	notifications.findOwned(user.id, ids, { withDeleted: true });

/** Who may do what to which rows. A permission without a rule is nobody's. Source: wire reference 6.2. */
const rules = {
	'session.update': ownSession,
	'session.lock': ownSession,
	'authDevice.delete': ownSession,
	'notification.read': ownNotification,
	'notification.update': ownNotification,
	'notification.delete': anyOwnNotification
} as const satisfies Partial<Record<Permission, Rule>>;

/**
 * Decides about owned rows, after the door has decided about the operation. API keys are not among them: for one that is not
 * the caller's the wire says `API Key not found`, and so their service looks for them among the caller's own.
 */
export class OwnedAccess {
	readonly #repositories: Repositories;

	constructor(repositories: Repositories) {
		this.#repositories = repositories;
	}

	/** Throws 400 `Not found or no … access` unless the caller may do this to all of the rows. */
	async require(auth: Auth, permission: keyof typeof rules, ids: readonly string[]): Promise<void> {
		const allowed = new Set(await rules[permission](this.#repositories, auth, ids));
		if (!ids.every((id) => allowed.has(id))) throw noAccess(permission);
	}
}
