import type { DeviceSession, SessionPage } from '#lib/contract/sessions/device.ts';
import { everybodyConfirmation } from '#lib/contract/sessions/session-admin.ts';
import type { SessionDto } from '#lib/contract/sessions/session.ts';
import { sessionIdOf, type Auth } from '#lib/server/platform/caller/caller.ts';
import { noAccess, notConfirmed, userNotFound } from '#lib/server/platform/errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { Store } from '#lib/server/app/store.ts';
import { endedChanges, entryOf } from '#lib/server/features/audit/index.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';
import type { PageQuery, SessionLists } from './session-list.ts';

interface Dependencies {
	readonly store: Store;
	readonly lists: SessionLists;
	readonly log: Log;
}

/** How many stand on a person's own page. */
const fewSessions = 5;

/** Other people's sessions, as administrators handle them. */
export class SessionAdminService {
	readonly #with: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#with = dependencies;
	}

	/** Lists a person's sessions; none for an unknown id. None is the caller's on the wire. */
	list(userId: string): Promise<SessionDto[]> {
		return this.#with.lists.all(userId, null);
	}

	page(auth: Auth, userId: string, query: PageQuery): Promise<SessionPage> {
		return this.#with.lists.page(userId, query, { currentId: sessionIdOf(auth) });
	}

	/** Reads the most recently used, and how many there are. */
	async few(auth: Auth, userId: string): Promise<{ sessions: readonly DeviceSession[]; total: number }> {
		return this.#with.lists.page(userId, {}, { currentId: sessionIdOf(auth), size: fewSessions });
	}

	count(userId: string): Promise<number> {
		return this.#with.lists.count(userId);
	}

	/** Counts everybody's but the calling one. */
	countOthers(auth: Auth): Promise<{ sessions: number; people: number }> {
		return this.#with.lists.countAll(sessionIdOf(auth));
	}

	/** Ends one of a person's sessions and those below it. */
	async end(auth: Auth, userId: string, sessionId: string): Promise<void> {
		const { store, log } = this.#with;
		await store.transaction(async (repositories) => {
			const { sessions, users, audit } = repositories;
			await users.lock(userId);
			await requireLiveAdmin(repositories, auth);
			if (!(await sessions.deleteOfUser(userId, sessionId))) throw noAccess('adminSession.delete');
			const subject = await users.find(userId, { isDeletedShown: true });
			await audit.record(entryOf(auth, { action: 'session.end', subject, object: { kind: 'session', id: sessionId } }));
		});
		log.info({ userId, by: auth.user.id }, 'Session ended');
	}

	/** Ends all of a person's sessions; of the caller's own, all but the calling one. */
	async endAll(auth: Auth, userId: string): Promise<void> {
		const { store, log } = this.#with;
		const subject = await store.users.find(userId, { isDeletedShown: true });
		if (!subject) throw userNotFound();
		const count = await store.transaction(async (repositories) => {
			const { users, sessions, audit } = repositories;
			await users.lock(userId);
			await requireLiveAdmin(repositories, auth);
			const sessionsEnded = await sessions.deleteByUser(userId, sessionIdOf(auth));
			await audit.record(
				entryOf(auth, { action: 'session.endOthers', subject, changes: endedChanges({ sessionsEnded }) })
			);
			return sessionsEnded;
		});
		log.info({ userId, by: auth.user.id, count }, 'All sessions of a person ended');
	}

	/** Ends everybody's sessions but the calling one; by an API key, all. */
	async endEverybodys(auth: Auth): Promise<void> {
		const count = await this.#with.store.transaction(async (repositories) => {
			const { sessions, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			const sessionsEnded = await sessions.deleteAll(sessionIdOf(auth));
			const changes = endedChanges({ sessionsEnded });
			await audit.record(entryOf(auth, { action: 'session.endEverybodys', subject: null, changes }));
			return sessionsEnded;
		});
		this.#with.log.warn({ by: auth.user.id, count }, 'All sessions of everybody ended');
	}

	/** The same for a person at a form, who types what is about to happen. */
	async endEverybodysConfirmed(auth: Auth, { confirmation }: { confirmation: string }): Promise<void> {
		if (confirmation.trim().toLowerCase() !== everybodyConfirmation) throw notConfirmed(everybodyConfirmation);
		await this.endEverybodys(auth);
	}
}
