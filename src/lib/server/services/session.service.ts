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
import { toSessionDto } from './session-dto.ts';

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
		const started = await this.#with.sessions.startChild(
			{ userId: auth.user.id, parentId },
			{ deviceType, deviceOS },
			expiresAt
		);
		if (!started) throw invalidUserToken();
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
		await this.#with.store.sessions.setPinExpiry(id, null);
	}

	/** Ends a session and those below it. */
	async end(auth: Auth, id: string): Promise<void> {
		await this.#with.access.require(auth, 'authDevice.delete', [id]);
		await this.#with.sessions.end(id);
	}

	/** Ends all but the calling one; by an API key, all. */
	async endOthers(auth: Auth): Promise<void> {
		await this.#with.store.sessions.deleteByUser(auth.user.id, sessionIdOf(auth));
	}
}
