import type { z } from 'zod';
import type {
	SessionCreateDto,
	SessionCreateResponseDto,
	SessionDto,
	SessionUpdateDto
} from '#lib/contract/session.ts';
import type { OwnedAccess } from '../auth/access.ts';
import { sessionIdOf, type Auth } from '../auth/auth.ts';
import type { Sessions } from '../auth/sessions.ts';
import { invalidUserToken, noAccess, nothingToUpdate, sessionNeeded } from '../errors.ts';
import type { Store } from '../repositories/store.ts';
import { endedChanges } from './account-audit.ts';
import { entryOf } from './audit-entry.ts';
import { toSessionDto } from './session-dto.ts';
import { lockSession } from './session-lock.ts';

interface Dependencies {
	readonly store: Store;
	readonly sessions: Sessions;
	readonly access: OwnedAccess;
}

/** One's own sessions. */
export class SessionService {
	readonly #with: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#with = dependencies;
	}

	async list(auth: Auth): Promise<SessionDto[]> {
		const rows = await this.#with.store.sessions.listByUser(auth.user.id, new Date());
		return rows.map((row) => toSessionDto(row, sessionIdOf(auth)));
	}

	/** Starts a session for another device, which ends with the calling one at the latest. */
	async createChild(
		auth: Auth,
		{ duration, deviceType = '', deviceOS = '' }: z.output<typeof SessionCreateDto>
	): Promise<z.input<typeof SessionCreateResponseDto>> {
		const parentId = sessionIdOf(auth);
		if (!parentId) throw sessionNeeded();
		const expiresAt = duration === undefined ? null : new Date(Date.now() + duration * 1_000);
		const owner = { userId: auth.user.id, parentId };
		const started = await this.#with.store.transaction(async ({ sessions, audit }) => {
			const made = await this.#with.sessions.startChild(owner, { deviceType, deviceOS }, expiresAt, sessions);
			if (!made) throw invalidUserToken();
			const label = [deviceType, deviceOS].filter(Boolean).join(' on ') || undefined;
			const object = { kind: 'session', id: made.row.id, label } as const;
			const changes = expiresAt && { expiresAt: { from: null, to: expiresAt.toISOString() } };
			await audit.record(entryOf(auth, { action: 'session.create', object, changes }));
			return made;
		});
		return { ...toSessionDto(started.row, parentId), token: started.token };
	}

	async update(auth: Auth, id: string, { isPendingSyncReset }: z.output<typeof SessionUpdateDto>): Promise<SessionDto> {
		await this.#with.access.require(auth, 'session.update', [id]);
		if (isPendingSyncReset === undefined) throw nothingToUpdate();
		const row = await this.#with.store.sessions.setPendingSyncReset(id, isPendingSyncReset);
		if (!row) throw noAccess('session.update');
		return toSessionDto(row, null);
	}

	async lock(auth: Auth, id: string): Promise<void> {
		await this.#with.access.require(auth, 'session.lock', [id]);
		await this.#with.store.transaction((repositories) => lockSession(repositories, auth, id));
	}

	/** Ends a session and those below it. */
	async end(auth: Auth, id: string): Promise<void> {
		await this.#with.access.require(auth, 'authDevice.delete', [id]);
		await this.#with.store.transaction(async ({ sessions, audit }) => {
			if (!(await sessions.delete(id))) return;
			await audit.record(entryOf(auth, { action: 'session.end', object: { kind: 'session', id } }));
		});
	}

	/** Ends all but the calling one; by an API key, all. */
	async endOthers(auth: Auth): Promise<void> {
		await this.#with.store.transaction(async ({ sessions, audit }) => {
			const sessionsEnded = await sessions.deleteByUser(auth.user.id, sessionIdOf(auth));
			if (sessionsEnded === 0) return;
			await audit.record(entryOf(auth, { action: 'session.endOthers', changes: endedChanges({ sessionsEnded }) }));
		});
	}
}
