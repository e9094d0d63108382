import { avatarColorOf } from '#lib/contract/users/avatar-color.ts';
import type { SentFile } from '#lib/contract/operation.ts';
import type {
	UserDirectoryQuery,
	UserFilter,
	UserListItem,
	UserPage,
	UserSort
} from '#lib/contract/user-directory/user-directory.ts';
import { suggestionLimit, type UserSuggestion } from '#lib/contract/user-directory/user-suggestion.ts';
import { userNotFound } from '#lib/server/platform/errors.ts';
import type { UserDirectoryRepositories } from './repositories.ts';
import type { Count, DirectoryOrder, DirectoryRow, Place } from './user-directory.repository.ts';
import { exportOf } from './user-export.ts';
import { readCursor, writeCursor, type Cursor } from '#lib/server/platform/paging/cursor.ts';
import { colorOf } from '#lib/server/features/users/index.ts';

const pageSize = 50;
/** Up to this many matches are sorted as a whole, which takes a few milliseconds. */
const sparseLimit = 2_000;
/** Reading a batch from the driver blocks the event loop for one turn. */
const exportBatchSize = 500;

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
		const row = await this.#store.directory.find(id);
		if (!row) throw userNotFound();
		return toListItem(row);
	}

	/** Suggests users for typed text; none for an empty text. */
	async suggest(text: string): Promise<UserSuggestion[]> {
		if (text === '') return [];
		const rows = await this.#store.directory.suggest(text, suggestionLimit);
		const unique = new Map(rows.map((row) => [row.id, { ...row, avatarColor: colorOf(row) }]));
		return [...unique.values()].slice(0, suggestionLimit);
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
		const before = readCursor(query.before, query.sort);
		const after = readCursor(query.after, query.sort);
		// A previous page is read in reverse, with one extra row that shows whether another page exists.
		const isBackward = before !== undefined || query.before === 'end';
		const count = await directory.count(query);
		const found =
			count.total === 0
				? []
				: await directory.list(
						query,
						{ sort: query.sort, isDescending: isDescending !== isBackward, isSparse: count.total <= sparseLimit },
						pageSize + 1,
						isBackward ? before : after
					);
		const shown = found.slice(0, pageSize);
		if (isBackward) shown.reverse();
		const hasMore = found.length > pageSize;
		const hasPrevious = isBackward ? hasMore : after !== undefined;
		const hasNext = isBackward ? before !== undefined : hasMore;
		const offset = hasPrevious ? offsetOf({ before, after, shown: shown.length, count }) : 0;
		const [first, last] = [shown.at(0), shown.at(-1)];
		return {
			users: shown.map(toListItem),
			total: count.total,
			isTotalExact: count.isExact,
			offset,
			next: last && hasNext ? writeCursor(placeOf(last), offset === null ? null : offset + shown.length) : null,
			previous: first && hasPrevious ? writeCursor(placeOf(first), offset) : null
		};
	}

	/** Returns a file of all matching users, in the list's order. */
	export(format: 'csv' | 'json', filter: UserFilter, sort: UserSort, isDescending: boolean): SentFile {
		return exportOf(format, this.#batches(filter, { sort, isDescending }));
	}

	async *#batches(filter: UserFilter, order: DirectoryOrder): AsyncGenerator<readonly UserListItem[]> {
		let place: Place | undefined;
		do {
			const rows = await this.#store.directory.list(filter, order, exportBatchSize, place);
			yield rows.map(toListItem);
			const last = rows.at(-1);
			place = last && rows.length === exportBatchSize ? placeOf(last) : undefined;
		} while (place);
	}
}

const placeOf = ({ sortValue: value, id }: DirectoryRow): Place => ({ value, id });

interface Seen {
	readonly before: Cursor | undefined;
	readonly after: Cursor | undefined;
	readonly shown: number;
	readonly count: Count;
}

/** The number of rows before the page: from its cursor, or counted from the end. */
function offsetOf({ before, after, shown, count }: Seen): number | null {
	if (before) return before.offset === null ? null : Math.max(0, before.offset - shown);
	if (after) return after.offset;
	return count.isExact ? count.total - shown : null;
}

const toListItem = (row: DirectoryRow): UserListItem => ({
	id: row.id,
	email: row.email,
	name: row.name,
	avatarColor: row.avatarColor ?? avatarColorOf(row.email),
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
