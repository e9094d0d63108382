import { writeCursor, type Cursor } from './cursor.ts';

interface Read<Row> {
	/** What was read from the place on, one more than a page holds where there are so many; backward, the other way round. */
	readonly found: readonly Row[];
	readonly size: number;
	/** The place after which the page begins, or before which it ends. */
	readonly from: Cursor | undefined;
	readonly until: Cursor | undefined;
	readonly isBackward: boolean;
	readonly total: number;
}

/** A page of a list that is walked by keyset. */
export interface KeysetPage<Row> {
	readonly rows: readonly Row[];
	readonly total: number;
	/** How many stand before the first one shown; null where that is not known. */
	readonly offset: number | null;
	readonly next: string | null;
	readonly previous: string | null;
}

/** Cuts a page out of what was read, and says how it goes on both ways. */
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

/** As many as stood before the place when its address was written, or counted from the end. */
function offsetOf({ from, until, isBackward, total }: Read<unknown>, shown: number): number | null {
	if (!isBackward) return from?.offset ?? null;
	return Math.max(0, (until?.offset ?? total) - shown);
}

const placeOf = ({ sortValue: value, id }: { readonly sortValue: string; readonly id: string }) => ({ value, id });
