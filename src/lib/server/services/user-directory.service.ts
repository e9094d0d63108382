import { avatarColorOf } from '#lib/contract/avatar-color.ts';
import type { UserDirectoryQuery, UserListItem, UserPage } from '#lib/contract/user-directory.ts';
import { suggestionLimit, type UserSuggestion } from '#lib/contract/user-suggestion.ts';
import { z } from 'zod';
import { userNotFound } from '../errors.ts';
import type { Cursor, DirectoryRow } from '../repositories/user-directory.repository.ts';
import type { Store } from '../repositories/store.ts';
import { colorOf } from './user-dto.ts';

const pageSize = 50;
const CursorTuple = z.tuple([z.string(), z.uuid()]);

/** Lists accounts for the console: searched, filtered, sorted, a page at a time by keyset. */
export class UserDirectoryService {
	readonly #store: Store;

	constructor(store: Store) {
		this.#store = store;
	}

	async get(id: string): Promise<UserListItem> {
		const row = await this.#store.directory.find(id);
		if (!row) throw userNotFound();
		return toListItem(row);
	}

	/** Finds accounts while somebody types; nobody for an empty text. */
	async suggest(text: string): Promise<UserSuggestion[]> {
		if (text === '') return [];
		const rows = await this.#store.directory.suggest(text, suggestionLimit);
		const unique = new Map(rows.map((row) => [row.id, { ...row, avatarColor: colorOf(row) }]));
		return [...unique.values()].slice(0, suggestionLimit);
	}

	async list(query: UserDirectoryQuery): Promise<UserPage> {
		const { directory } = this.#store;
		const isDescending = query.direction === 'desc';
		const order = { sort: query.sort, isDescending };
		const before = readCursor(query.before, query.sort);
		const after = readCursor(query.after, query.sort);
		const [total, found] = await Promise.all([
			directory.count(query),
			// A page back is read the other way round, with one row more that tells whether there is another.
			directory.list(query, before ? { ...order, isDescending: !isDescending } : order, pageSize + 1, before ?? after)
		]);
		const shown = found.slice(0, pageSize);
		if (before) shown.reverse();
		const hasMore = found.length > pageSize;
		const [first, last] = [shown.at(0), shown.at(-1)];
		const hasPrevious = before ? hasMore : after !== undefined;
		const hasNext = before ? true : hasMore;
		return {
			users: shown.map(toListItem),
			total,
			offset: first && hasPrevious ? await directory.countBefore(query, order, cursorOf(first)) : 0,
			next: last && hasNext ? writeCursor(cursorOf(last)) : null,
			previous: first && hasPrevious ? writeCursor(cursorOf(first)) : null
		};
	}
}

const cursorOf = ({ sortValue: value, id }: DirectoryRow): Cursor => ({ value, id });
const writeCursor = ({ value, id }: Cursor): string => Buffer.from(JSON.stringify([value, id])).toString('base64url');

/** Reads a cursor; one that is no cursor of this sort reads as none, and the list starts at its beginning. */
function readCursor(text: string | undefined, sort: UserDirectoryQuery['sort']): Cursor | undefined {
	if (text === undefined) return undefined;
	try {
		const [value, id] = CursorTuple.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
		return isSortValue(value, sort) ? { value, id } : undefined;
	} catch {
		return undefined;
	}
}

function isSortValue(value: string, sort: UserDirectoryQuery['sort']): boolean {
	switch (sort) {
		case 'usage':
			return /^-?\d{1,18}$/.test(value);
		case 'createdAt':
		case 'lastSeenAt':
			return value === '-infinity' || isMoment(value);
		default:
			return value.isWellFormed() && !value.includes('\0');
	}
}

/** Tells a moment as PostgreSQL writes it in UTC: `2026-07-21 10:00:00.123456+00`. */
function isMoment(value: string): boolean {
	if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(value)) return false;
	const seconds = value.slice(0, 19).replace(' ', 'T');
	const moment = Date.parse(`${seconds}Z`);
	return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(seconds);
}

const toListItem = (row: DirectoryRow): UserListItem => ({
	id: row.id,
	email: row.email,
	name: row.name,
	avatarColor: row.avatarColor ?? avatarColorOf(row.email),
	isAdmin: row.isAdmin,
	isOAuthLinked: row.oauthId !== '',
	mustChangePassword: row.mustChangePassword,
	passwordExpiresAt: row.passwordExpiresAt?.toISOString() ?? null,
	quotaSizeInBytes: row.quotaSizeInBytes === null ? null : Number(row.quotaSizeInBytes),
	quotaUsageInBytes: Number(row.quotaUsageInBytes),
	createdAt: row.createdAt.toISOString(),
	deletedAt: row.deletedAt?.toISOString() ?? null,
	lastSeenAt: row.lastSeenAt?.toISOString() ?? null
});
