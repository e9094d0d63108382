import type { z } from 'zod';
import type {
	SessionFilter,
	SessionPageQuery,
	SessionsEndDto,
	UserSession,
	UserSessionPage
} from '#lib/contract/sessions/session-search.ts';
import { sessionPageSize } from '#lib/contract/sessions/session-search.ts';
import { getSessionId, type Auth } from '#lib/server/platform/caller/caller.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { requireCursor, timeOrder, writeCursor } from '#lib/server/platform/paging/cursor.ts';
import { keysetPage, pageStart, toPosition } from '#lib/server/platform/paging/keyset-page.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';
import { buildAuditEntry, endedChanges } from '#lib/server/features/audit/index.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { getUserColor } from '#lib/server/features/users/index.ts';
import type { SessionStore } from './repositories.ts';
import { oldestAllowed } from './session-age.ts';
import { toDeviceSession } from './session-dto.ts';
import type { UserSessionRow } from './session-search.repository.ts';

interface Dependencies {
	readonly store: SessionStore;
	readonly settings: SettingsReader;
	readonly log: Log;
}

/** The page counts up to this number; beyond it, it shows ‘more than’. */
const countLimit = 10_000;

/** The sessions of all users, for admins. */
export class SessionSearchService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Reads the page that the query selects. */
	async page(auth: Auth, { after, before, ...filter }: SessionPageQuery): Promise<UserSessionPage> {
		const start = pageStart({ after, before }, timeOrder);
		const wanted = { ...start, limit: sessionPageSize + 1, countLimit: countLimit + 1 };
		const { rows: found, total: counted } = await this.#deps.store.sessionSearch.page(
			{ filter },
			this.#oldest(),
			wanted
		);
		const isTotalExact = counted <= countLimit;
		const total = isTotalExact ? counted : countLimit;
		const { rows, ...page } = keysetPage(start, { found, size: sessionPageSize, total, isTotalExact });
		return { sessions: rows.map((row) => this.#toDto(auth, row)), isTotalExact, ...page };
	}

	/**
	 * Lists sessions for programs; `next` is the cursor of the following page, null on the last one.
	 * @throws {AppError} 400 if the cursor is invalid
	 */
	async list(
		auth: Auth,
		filter: SessionFilter,
		cursor: string | undefined,
		limit: number
	): Promise<{ sessions: UserSession[]; next: string | null }> {
		const place = requireCursor(cursor, timeOrder);
		// One extra row shows whether there is another page.
		const wanted = { place, isBackward: false, limit: limit + 1, countLimit: 1 };
		const { rows: found } = await this.#deps.store.sessionSearch.page({ filter }, this.#oldest(), wanted);
		const rows = found.slice(0, limit);
		const last = rows.at(-1);
		const next = last && found.length > limit ? writeCursor(toPosition(last), null) : null;
		return { sessions: rows.map((row) => this.#toDto(auth, row)), next };
	}

	/** Counts the sessions that match, except the caller’s, and their users. */
	count(auth: Auth, filter: SessionFilter): Promise<{ sessions: number; users: number }> {
		const choice = { filter, exceptId: getSessionId(auth) };
		return this.#deps.store.sessionSearch.count(choice, this.#oldest());
	}

	/** Ends the chosen sessions or all that match, except the caller’s; those that have ended already are skipped. */
	async end(
		auth: Auth,
		{ ids, filter }: Pick<z.output<typeof SessionsEndDto>, 'ids' | 'filter'>
	): Promise<{ sessionsEnded: number }> {
		const { store, log } = this.#deps;
		const choice = { ...(ids && { ids }), ...(filter && { filter }), exceptId: getSessionId(auth) };
		const sessionsEnded = await store.transaction(async (repositories) => {
			const { sessionSearch, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			const ended = await sessionSearch.end(choice, this.#oldest());
			await audit.recordForEach(
				buildAuditEntry(auth, { action: 'session.endChosen', subject: null }),
				ended.map(({ userId, count }) => ({ userId, changes: endedChanges({ sessionsEnded: count }) }))
			);
			return ended.reduce((sum, { count }) => sum + count, 0);
		});
		log.warn({ by: auth.user.id, count: sessionsEnded }, 'Chosen sessions ended');
		return { sessionsEnded };
	}

	#toDto(auth: Auth, row: UserSessionRow): UserSession {
		const { userId: id, name, email, profileImagePath, profileChangedAt } = row;
		const avatarColor = getUserColor(row);
		const user = { id, name, email, avatarColor, profileImagePath, profileChangedAt: profileChangedAt.toISOString() };
		return { ...toDeviceSession(row, getSessionId(auth), this.#deps.settings.current.immichAuth.sessions), user };
	}

	#oldest() {
		return oldestAllowed(this.#deps.settings.current.immichAuth.sessions, new Date());
	}
}
