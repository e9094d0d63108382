import { writeCursor, type Cursor } from './cursor.ts';

interface Read<Row> {
	/** Rows from the position on, one more than the page size if there are more; in reverse order when going backward. */
	readonly found: readonly Row[];
	readonly size: number;
	/** The position after which the page starts, or before which it ends. */
	readonly from: Cursor | undefined;
	readonly until: Cursor | undefined;
	readonly isBackward: boolean;
	readonly total: number;
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

/** Cuts a page out of the rows read and adds the cursors for both directions. */
export function keysetPage<Row extends { readonly id: string; readonly sortValue: string }>(
	read: Read<Row>
): KeysetPage<Row> {
	const { found, size, from, until, isBackward, total } = read;
	const rows = found.slice(0, size);
	if (isBackward) rows.reverse();
	const hasMore = found.length > size;
	const hasPrevious = isBackward ? hasMore : from !== undefined;
	const hasNext = isBackward ? until !== undefined : hasMore;
	const [first, last] = [rows.at(0), rows.at(-1)];
	const offset = hasPrevious ? offsetOf(read, rows.length) : 0;
	return {
		rows,
		total,
		offset,
		next: last && hasNext ? writeCursor(placeOf(last), offset === null ? null : offset + rows.length) : null,
		previous: first && hasPrevious ? writeCursor(placeOf(first), offset) : null
	};
}

/** Taken from the cursor, or counted from the end. */
function offsetOf({ from, until, isBackward, total }: Read<unknown>, shown: number): number | null {
	if (!isBackward) return from?.offset ?? null;
	return Math.max(0, (until?.offset ?? total) - shown);
}

const placeOf = ({ sortValue: value, id }: { readonly sortValue: string; readonly id: string }) => ({ value, id });
