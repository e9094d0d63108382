import type { DeviceSession, SessionPage } from '#lib/contract/sessions/device.ts';
import type { SessionDto } from '#lib/contract/sessions/session.ts';
import { oldestAllowed, type AgeLimits } from './session-age.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { SessionStore } from './repositories.ts';
import { timeOrder } from '#lib/server/platform/paging/cursor.ts';
import { keysetPage, pageStart, type PageQuery } from '#lib/server/platform/paging/keyset-page.ts';
import { toDeviceSession, toSessionDto } from './session-dto.ts';

interface PageOptions {
	readonly currentId: string | null;
	/** Leaves out the current session, which is shown separately. */
	readonly isCurrentApart?: boolean;
	readonly size?: number;
}

const pageSize = 50;

/** Lists of valid sessions. */
export class SessionLists {
	readonly #store: SessionStore;
	readonly #settings: SettingsReader;

	constructor(store: SessionStore, settings: SettingsReader) {
		this.#store = store;
		this.#settings = settings;
	}

	/** Lists all of a user's sessions as DTOs. */
	async all(userId: string, currentId: string | null): Promise<SessionDto[]> {
		const rows = await this.#store.sessionLists.listAll(userId, this.#oldest());
		return rows.map((row) => toSessionDto(row, currentId, this.#limits));
	}

	/** Lists a user's sessions, paginated by keyset. */
	async page(userId: string, query: PageQuery, options: PageOptions): Promise<SessionPage> {
		const { currentId, isCurrentApart = false, size = pageSize } = options;
		const exceptId = isCurrentApart ? currentId : null;
		const start = pageStart(query, timeOrder);
		const [{ sessions: total }, found] = await Promise.all([
			this.#store.sessionLists.count(userId, exceptId, this.#oldest()),
			this.#store.sessionLists.listPage(userId, this.#oldest(), { ...start, limit: size + 1, exceptId })
		]);
		const { rows, ...page } = keysetPage(start, { found, size, total });
		return { sessions: rows.map((row) => toDeviceSession(row, currentId, this.#limits)), ...page };
	}

	/** Finds one session; null if it has ended or belongs to another user. */
	async find(userId: string, id: string, currentId: string | null): Promise<DeviceSession | null> {
		const row = await this.#store.sessionLists.find(userId, id, this.#oldest());
		return row && toDeviceSession(row, currentId, this.#limits);
	}

	/** Counts a user’s sessions within the age limits. */
	async count(userId: string): Promise<number> {
		return (await this.#store.sessionLists.count(userId, null, this.#oldest())).sessions;
	}

	/** Counts the sessions of all users, except for one. */
	countAll(exceptId: string | null): Promise<{ sessions: number; users: number }> {
		return this.#store.sessionLists.count(null, exceptId, this.#oldest());
	}

	#oldest() {
		return oldestAllowed(this.#limits, new Date());
	}

	get #limits(): AgeLimits {
		return this.#settings.current.immichAuth.sessions;
	}
}
