import type { z } from 'zod';
import type {
	SessionCreateDto,
	SessionCreateResponseDto,
	SessionDto,
	SessionUpdateDto
} from '#lib/contract/sessions/session.ts';
import type { DeviceSession, SessionPage } from '#lib/contract/sessions/device.ts';
import { requireAccess, requireLive, invalidUserToken, noAccess } from '#lib/server/features/access/index.ts';
import { getSessionId, type Auth } from '#lib/server/platform/caller/caller.ts';
import type { SessionManager } from './session-manager.ts';
import { nothingToUpdate, sessionNeeded, tooManyChildSessions } from './errors.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import type { SessionStore } from './repositories.ts';
import { endedChanges, buildAuditEntry } from '#lib/server/features/audit/index.ts';
import type { PageQuery } from '#lib/server/platform/paging/keyset-page.ts';
import type { SessionLists } from './session-list.ts';
import { lockSession } from './session-lock.ts';

interface Dependencies {
	readonly store: SessionStore;
	readonly sessions: SessionManager;
	readonly lists: SessionLists;
}

/** How many child sessions a user can have. */
const mostChildSessions = 500;

/** The caller's own sessions. */
export class SessionService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Lists the caller's own sessions. */
	list(auth: Auth): Promise<SessionDto[]> {
		return this.#deps.lists.all(auth.user.id, getSessionId(auth));
	}

	/** Reads the current session and a page of the others. */
	async devices(auth: Auth, query: PageQuery): Promise<{ current: DeviceSession | null; others: SessionPage }> {
		const { lists } = this.#deps;
		const currentId = getSessionId(auth);
		const [current, others] = await Promise.all([
			currentId === null ? null : lists.find(auth.user.id, currentId, currentId),
			lists.page(auth.user.id, query, { currentId, isCurrentApart: true })
		]);
		return { current, others };
	}

	/**
	 * Starts a session for another device, which ends with the current one at the latest.
	 * @throws {AppError} 400 for an API key or if there are too many, 401 if the current session has ended
	 */
	async createChild(
		auth: Auth,
		{ duration, deviceType = '', deviceOS = '' }: z.output<typeof SessionCreateDto>
	): Promise<z.input<typeof SessionCreateResponseDto>> {
		if (auth.credential.kind !== 'session') throw sessionNeeded();
		const { sessionId: parentId, expiresAt: parentEnd } = auth.credential;
		const userId = auth.user.id;
		const expiresAt = duration === undefined ? null : new Date(Date.now() + duration * 1_000);
		const started = await this.#deps.store.transaction(async (repositories) => {
			const { users, sessions, audit, notifications } = repositories;
			await users.lock(userId);
			await requireLive(repositories, auth);
			if ((await sessions.countChildren(userId)) >= mostChildSessions) throw tooManyChildSessions(mostChildSessions);
			const owner = { userId, parentId, parentEnd };
			const device = { deviceType, deviceOS, address: auth.clientInfo.address };
			const made = await this.#deps.sessions.startChild(owner, device, expiresAt, sessions);
			if (!made) throw invalidUserToken();
			const label = [deviceType, deviceOS].filter(Boolean).join(' on ') || undefined;
			const object = { kind: 'session', id: made.id, label } as const;
			const changes = made.expiresAt && { expiresAt: { from: null, to: made.expiresAt.toISOString() } };
			await audit.record(buildAuditEntry(auth, { action: 'session.create', object, changes }));
			await notifications.create(userId, notices.sessionCreated);
			return made;
		});
		const session = await this.#deps.lists.find(userId, started.id, parentId);
		if (!session) throw invalidUserToken();
		return { ...session, token: started.token };
	}

	/**
	 * Changes one of the caller's own sessions.
	 * @throws {AppError} 400 if nothing is given or there is no such session
	 */
	async update(auth: Auth, id: string, { isPendingSyncReset }: z.output<typeof SessionUpdateDto>): Promise<SessionDto> {
		await requireAccess(this.#deps.store, { auth, permission: 'session.update', ids: [id] });
		if (isPendingSyncReset === undefined) throw nothingToUpdate();
		await this.#deps.store.sessions.setPendingSyncReset(id, isPendingSyncReset);
		const session = await this.#deps.lists.find(auth.user.id, id, null);
		if (!session) throw noAccess('session.update');
		return session;
	}

	/**
	 * Ends the elevation of one of the caller's own sessions.
	 * @throws {AppError} 400 if there is no such session
	 */
	async lock(auth: Auth, id: string): Promise<void> {
		await requireAccess(this.#deps.store, { auth, permission: 'session.lock', ids: [id] });
		await this.#deps.store.transaction((repositories) => lockSession(repositories, auth, id));
	}

	/** Removes the new-device mark. */
	async dismissMark(auth: Auth, id: string): Promise<void> {
		await requireAccess(this.#deps.store, { auth, permission: 'session.update', ids: [id] });
		await this.#deps.store.sessions.dismissMark(id);
	}

	/** Ends a session and its child sessions. */
	async end(auth: Auth, id: string): Promise<void> {
		await requireAccess(this.#deps.store, { auth, permission: 'authDevice.delete', ids: [id] });
		await this.#deps.store.transaction(async ({ sessions, audit }) => {
			if (!(await sessions.delete(id))) return;
			await audit.record(buildAuditEntry(auth, { action: 'session.end', object: { kind: 'session', id } }));
		});
	}

	/** Ends all sessions except the current one; with an API key, all. */
	async endOthers(auth: Auth): Promise<void> {
		await this.#deps.store.transaction(async ({ sessions, audit }) => {
			const sessionsEnded = await sessions.deleteByUser(auth.user.id, getSessionId(auth));
			if (sessionsEnded === 0) return;
			await audit.record(
				buildAuditEntry(auth, { action: 'session.endOthers', changes: endedChanges({ sessionsEnded }) })
			);
		});
	}
}
