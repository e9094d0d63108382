import { readCursor, writeCursor, type Cursor, type Place } from './cursor.ts';

/** Where a page starts or ends, as given in the URL; `end` as `before` is the last page. */
export interface PageQuery {
	readonly after?: string | undefined;
	readonly before?: string | undefined;
}

/** Which rows to read: those after a position, or in reverse order those before it. */
export interface PageStart {
	readonly from: Cursor | undefined;
	readonly until: Cursor | undefined;
	readonly place: Place | undefined;
	readonly isBackward: boolean;
}

/** Determines from the query where a page starts and in which direction it is read. */
export function pageStart({ after, before }: PageQuery, order: Parameters<typeof readCursor>[1]): PageStart {
	const [from, until] = [readCursor(after, order), readCursor(before, order)];
	const isBackward = until !== undefined || before === 'end';
	return { from, until, place: isBackward ? until : from, isBackward };
}

interface Read<Row> {
	/** Rows from the position on, one more than the page size if there are more; in reverse order when going backward. */
	readonly found: readonly Row[];
	readonly size: number;
	readonly total: number;
	/** False if `total` is a lower bound. */
	readonly isTotalExact?: boolean;
}

/** One page of a list with keyset pagination. */
export interface KeysetPage<Row> {
	readonly rows: readonly Row[];
	readonly total: number;
	/** Number of rows before the first one shown; null if unknown. */
	readonly offset: number | null;
	readonly next: string | null;
	readonly previous: string | null;
}

export interface KeysetRow {
	readonly id: string | bigint;
	readonly sortValue: string;
}

/** Returns the position of a row in its list. */
export const toPosition = ({ sortValue: value, id }: KeysetRow): Place => ({ value, id: String(id) });

/** Cuts a page out of the rows read and adds the cursors for both directions. */
export function keysetPage<Row extends KeysetRow>(start: PageStart, read: Read<Row>): KeysetPage<Row> {
	const { from, until, isBackward } = start;
	const { found, size, total } = read;
	const rows = found.slice(0, size);
	if (isBackward) rows.reverse();
	const hasMore = found.length > size;
	const hasPrevious = isBackward ? hasMore : from !== undefined;
	const hasNext = isBackward ? until !== undefined : hasMore;
	const [first, last] = [rows.at(0), rows.at(-1)];
	const offset = hasPrevious ? getOffset(start, read, rows.length) : 0;
	return {
		rows,
		total,
		offset,
		next: last && hasNext ? writeCursor(toPosition(last), offset === null ? null : offset + rows.length) : null,
		previous: first && hasPrevious ? writeCursor(toPosition(first), offset) : null
	};
}

/** Taken from the cursor, or counted from the end. */
function getOffset(
	{ from, until, isBackward }: PageStart,
	{ total, isTotalExact = true }: Read<unknown>,
	shown: number
): number | null {
	if (!isBackward) return from?.offset ?? null;
	if (until) return until.offset === null ? null : Math.max(0, until.offset - shown);
	return isTotalExact ? Math.max(0, total - shown) : null;
}
