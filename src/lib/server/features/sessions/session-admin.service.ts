import type { DeviceSession, SessionPage } from '#lib/contract/sessions/device.ts';
import { allUsersConfirmation } from '#lib/contract/sessions/session-admin.ts';
import type { SessionDto } from '#lib/contract/sessions/session.ts';
import { getSessionId, type Auth } from '#lib/server/platform/caller/caller.ts';
import { notConfirmed, requireUser } from '#lib/server/platform/errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { SessionStore } from './repositories.ts';
import { endedChanges, buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { requireLiveAdmin, noAccess } from '#lib/server/features/access/index.ts';
import type { PageQuery } from '#lib/server/platform/paging/keyset-page.ts';
import type { SessionLists } from './session-list.ts';

interface Dependencies {
	readonly store: SessionStore;
	readonly lists: SessionLists;
	readonly log: Log;
}

/** The number of sessions shown on a user's page. */
const fewSessions = 5;

/** Manages other users' sessions on behalf of admins. */
export class SessionAdminService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Lists a user's sessions; none for an unknown ID. None is marked as the caller's in the response. */
	list(userId: string): Promise<SessionDto[]> {
		return this.#deps.lists.all(userId, null);
	}

	/** Lists a user's sessions page by page. */
	page(auth: Auth, userId: string, query: PageQuery): Promise<SessionPage> {
		return this.#deps.lists.page(userId, query, { currentId: getSessionId(auth) });
	}

	/** Reads the most recently used sessions and their total number. */
	async few(auth: Auth, userId: string): Promise<{ sessions: readonly DeviceSession[]; total: number }> {
		return this.#deps.lists.page(userId, {}, { currentId: getSessionId(auth), size: fewSessions });
	}

	/** Counts a user’s sessions within the age limits. */
	count(userId: string): Promise<number> {
		return this.#deps.lists.count(userId);
	}

	/** Counts all sessions except the caller's. */
	countOthers(auth: Auth): Promise<{ sessions: number; users: number }> {
		return this.#deps.lists.countAll(getSessionId(auth));
	}

	/**
	 * Ends one of a user's sessions and its child sessions.
	 * @throws {AppError} 400 if the user has no such session
	 */
	async end(auth: Auth, userId: string, sessionId: string): Promise<void> {
		const { store, log } = this.#deps;
		await store.transaction(async (repositories) => {
			const { sessions, users, audit } = repositories;
			await users.lock(userId);
			await requireLiveAdmin(repositories, auth);
			if (!(await sessions.deleteOwned(userId, sessionId))) throw noAccess('adminSession.delete');
			const subject = await users.find(userId, { isDeletedShown: true });
			await audit.record(
				buildAuditEntry(auth, { action: 'session.end', subject, object: { kind: 'session', id: sessionId } })
			);
		});
		log.info({ userId, by: auth.user.id }, 'Device signed out');
	}

	/**
	 * Ends all sessions of a user; if that is the caller, all but the current one.
	 * @throws {AppError} 400 if there is no such user
	 */
	async endAll(auth: Auth, userId: string): Promise<void> {
		const { store, log } = this.#deps;
		const subject = requireUser(await store.users.find(userId, { isDeletedShown: true }));
		const count = await store.transaction(async (repositories) => {
			const { users, sessions, audit } = repositories;
			await users.lock(userId);
			await requireLiveAdmin(repositories, auth);
			const sessionsEnded = await sessions.deleteByUser(userId, getSessionId(auth));
			await audit.record(
				buildAuditEntry(auth, { action: 'session.endOthers', subject, changes: endedChanges({ sessionsEnded }) })
			);
			return sessionsEnded;
		});
		log.info({ userId, by: auth.user.id, count }, 'All sessions of a user ended');
	}

	/** Ends all users' sessions except the caller's; with an API key, all. */
	async endOfAllUsers(auth: Auth): Promise<void> {
		const count = await this.#deps.store.transaction(async (repositories) => {
			const { sessions, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			const sessionsEnded = await sessions.deleteAll(getSessionId(auth));
			const changes = endedChanges({ sessionsEnded });
			await audit.record(buildAuditEntry(auth, { action: 'session.endAllUsers', subject: null, changes }));
			return sessionsEnded;
		});
		this.#deps.log.warn({ by: auth.user.id, count }, 'All sessions of all users ended');
	}

	/**
	 * The same for a form, where the admin types a confirmation.
	 * @throws {AppError} 400 without the confirmation
	 */
	async endOfAllUsersConfirmed(auth: Auth, { confirmation }: { confirmation: string }): Promise<void> {
		if (confirmation.trim().toLowerCase() !== allUsersConfirmation) throw notConfirmed(allUsersConfirmation);
		await this.endOfAllUsers(auth);
	}
}
