import { describe, expect, it } from 'vitest';
import { readCursor, requireCursor, timeOrder, writeCursor } from '#lib/server/platform/paging/cursor.ts';
import { keysetPage, pageStart, type PageQuery } from '#lib/server/platform/paging/keyset-page.ts';

const size = 3;
const uuidOf = (number: number) => `c0ffee00-0000-4000-a000-${String(number).padStart(12, '0')}`;
const rows = Array.from({ length: 8 }, (_, index) => ({
	id: uuidOf(index),
	sortValue: `2026-07-21 10:00:0${index}+00`
}));
const cursorAt = (index: number, offset: number | null) =>
	writeCursor({ value: rows[index]?.sortValue ?? '', id: uuidOf(index) }, offset);

/** Reads a page as a repository does. */
function read(query: PageQuery, isTotalExact = true) {
	const start = pageStart(query, timeOrder);
	const order = start.isBackward ? rows.toReversed() : rows;
	const at = start.place ? order.findIndex(({ id }) => id === start.place?.id) + 1 : 0;
	const found = order.slice(at, at + size + 1);
	const page = keysetPage(start, { found, size, total: rows.length, isTotalExact });
	return { ...page, rows: page.rows.map(({ id }) => rows.findIndex((row) => row.id === id)) };
}

describe('a page', () => {
	it('is reached forward and back with the same offsets', () => {
		const first = read({});
		expect(first).toMatchObject({ rows: [0, 1, 2], offset: 0, previous: null });
		const second = read({ after: first.next ?? '' });
		expect(second).toMatchObject({ rows: [3, 4, 5], offset: 3 });
		expect(read({ after: second.next ?? '' })).toMatchObject({ rows: [6, 7], offset: 6, next: null });
		expect(read({ before: second.previous ?? '' })).toMatchObject({ rows: [0, 1, 2], offset: 0, previous: null });
	});

	it('is the last one with `end`, counted from an exact total only', () => {
		expect(read({ before: 'end' })).toMatchObject({ rows: [5, 6, 7], offset: 5, next: null });
		expect(read({ before: 'end' }, false)).toMatchObject({ rows: [5, 6, 7], offset: null, next: null });
	});

	it('has an unknown offset if the cursor has none', () => {
		expect(read({ before: cursorAt(6, null) })).toMatchObject({ rows: [3, 4, 5], offset: null });
		expect(read({ after: cursorAt(2, null) })).toMatchObject({ rows: [3, 4, 5], offset: null });
	});

	it('never has a negative offset, even if rows were deleted meanwhile', () => {
		expect(read({ before: cursorAt(6, 1) })).toMatchObject({ rows: [3, 4, 5], offset: 0 });
	});

	it('starts at the top for an invalid cursor', () => {
		expect(read({ after: 'x', before: 'x' })).toMatchObject({ rows: [0, 1, 2], offset: 0, previous: null });
	});
});

it('programs get an error for an invalid cursor', () => {
	expect(requireCursor(undefined, timeOrder)).toBeUndefined();
	expect(requireCursor(cursorAt(1, 1), timeOrder)).toEqual(readCursor(cursorAt(1, 1), timeOrder));
	expect(() => requireCursor('x', timeOrder)).toThrow('Validation failed');
});
