import { getAvatarColor } from '#lib/contract/users/avatar-color.ts';
import type { SentFile } from '#lib/contract/operation.ts';
import type {
	UserDirectoryQuery,
	UserFilter,
	UserListItem,
	UserPage,
	UserSort
} from '#lib/contract/user-directory/user-directory.ts';
import {
	namedLimit,
	suggestionLimit,
	type NamedUser,
	type UserSuggestion
} from '#lib/contract/user-directory/user-suggestion.ts';
import { requireUser } from '#lib/server/platform/errors.ts';
import type { UserDirectoryRepositories } from './repositories.ts';
import type { DirectoryOrder, DirectoryRow } from './user-directory.repository.ts';
import { buildUserExport } from './user-export.ts';
import { integerOrder, textOrder, timeOrder, type Place } from '#lib/server/platform/paging/cursor.ts';
import { keysetPage, pageStart, toPosition } from '#lib/server/platform/paging/keyset-page.ts';
import { getUserColor } from '#lib/server/features/users/index.ts';

const pageSize = 50;
/** Up to this many matches are sorted as a whole, which takes a few milliseconds. */
const sparseLimit = 2_000;
/** Reading a batch from the driver blocks the event loop for one turn. */
const exportBatchSize = 500;

const orders = {
	name: textOrder,
	email: textOrder,
	createdAt: timeOrder,
	lastSeenAt: timeOrder,
	usage: integerOrder
} satisfies Record<UserSort, unknown>;

/** Lists users for the console: searched, filtered, sorted and paginated by keyset. */
export class UserDirectoryService {
	readonly #store: UserDirectoryRepositories;

	constructor(store: UserDirectoryRepositories) {
		this.#store = store;
	}

	/**
	 * Returns a user, who may be deleted.
	 * @throws {AppError} 400 if there is no such user
	 */
	async get(id: string): Promise<UserListItem> {
		const row = requireUser(await this.#store.directory.find(id));
		return toListItem(row);
	}

	/** Suggests users for typed text; none for an empty text. */
	async suggest(text: string): Promise<UserSuggestion[]> {
		if (text === '') return [];
		const rows = await this.#store.directory.suggest(text, suggestionLimit);
		const unique = new Map(rows.map((row) => [row.id, { ...row, avatarColor: getUserColor(row) }]));
		return [...unique.values()].slice(0, suggestionLimit);
	}

	/** Finds the user with an email, or those whose email or ID begins with the text, also deleted ones; none for an empty text. */
	async findNamed(text: string): Promise<NamedUser[]> {
		return text === '' ? [] : this.#store.directory.findNamed(text, namedLimit);
	}

	/** Finds users, including deleted ones, by part of a name or email or by a whole ID; none for an empty text. */
	async findByText(text: string): Promise<UserListItem[]> {
		if (text === '') return [];
		const order = { sort: 'name', isDescending: false } as const;
		return (await this.#store.directory.list({ q: text, status: 'all' }, order, suggestionLimit)).map(toListItem);
	}

	/** Returns one page of the users that match. */
	async list(query: UserDirectoryQuery): Promise<UserPage> {
		const { directory } = this.#store;
		const isDescending = query.direction === 'desc';
		// A previous page is read in reverse, with one extra row that shows whether another page exists.
		const start = pageStart(query, orders[query.sort]);
		const { total, isExact: isTotalExact } = await directory.count(query);
		const found =
			total === 0
				? []
				: await directory.list(
						query,
						{ sort: query.sort, isDescending: isDescending !== start.isBackward, isSparse: total <= sparseLimit },
						pageSize + 1,
						start.place
					);
		const { rows, ...page } = keysetPage(start, { found, size: pageSize, total, isTotalExact });
		return { users: rows.map(toListItem), isTotalExact, ...page };
	}

	/** Returns a file of all matching users, in the list's order. */
	export(format: 'csv' | 'json', filter: UserFilter, sort: UserSort, isDescending: boolean): SentFile {
		return buildUserExport(format, this.#batches(filter, { sort, isDescending }));
	}

	async *#batches(filter: UserFilter, order: DirectoryOrder): AsyncGenerator<readonly UserListItem[]> {
		let position: Place | undefined;
		do {
			const rows = await this.#store.directory.list(filter, order, exportBatchSize, position);
			yield rows.map(toListItem);
			const last = rows.at(-1);
			position = last && rows.length === exportBatchSize ? toPosition(last) : undefined;
		} while (position);
	}
}

const toListItem = (row: DirectoryRow): UserListItem => ({
	id: row.id,
	email: row.email,
	name: row.name,
	avatarColor: row.avatarColor ?? getAvatarColor(row.email),
	profileImagePath: row.profileImagePath,
	profileChangedAt: row.profileChangedAt.toISOString(),
	isAdmin: row.isAdmin,
	isOAuthLinked: row.isOAuthLinked,
	hasPassword: row.hasPassword,
	storageLabel: row.storageLabel,
	mustChangePassword: row.mustChangePassword,
	passwordExpiresAt: row.passwordExpiresAt?.toISOString() ?? null,
	quotaSizeInBytes: row.quotaSizeInBytes === null ? null : Number(row.quotaSizeInBytes),
	quotaUsageInBytes: Number(row.quotaUsageInBytes),
	createdAt: row.createdAt.toISOString(),
	deletedAt: row.deletedAt?.toISOString() ?? null,
	lastSeenAt: row.lastSeenAt?.toISOString() ?? null
});
