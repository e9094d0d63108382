import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { userSorts } from '#lib/contract/user-directory/user-directory.ts';
import { readCursor, writeCursor } from '#lib/server/platform/paging/cursor.ts';

const id = 'c0ffee00-0000-4000-a000-000000000000';
const cursorOf = (...tuple: unknown[]) => Buffer.from(JSON.stringify(tuple)).toString('base64url');

describe('a cursor', () => {
	it('round-trips for any name', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
				fc.option(fc.nat()),
				(value, offset) => {
					expect(readCursor(writeCursor({ value, id }, offset), 'name')).toEqual({ value, id, offset });
				}
			)
		);
	});

	it.each([
		['usage', '0'],
		['usage', '-5'],
		['usage', '999999999999999999'],
		['createdAt', '2026-07-21 10:00:00+00'],
		['createdAt', '2026-07-21 10:00:00.123456+00'],
		['lastSeenAt', '2024-02-29 23:59:59.5+00'],
		['lastSeenAt', '-infinity']
	] as const)('of %s can hold %s', (sort, value) => {
		expect(readCursor(writeCursor({ value, id }, 3), sort)).toEqual({ value, id, offset: 3 });
	});

	it.each([
		['usage', 'many'],
		['usage', '1e5'],
		['usage', '9999999999999999999'],
		['usage', ''],
		['createdAt', 'yesterday'],
		['createdAt', '2026-02-30 10:00:00+00'],
		['createdAt', '2026-07-21 10:00:60+00'],
		['createdAt', '2026-07-21 10:00:00.1234567+00'],
		['createdAt', "2026-07-21 10:00:00+00'; DROP TABLE"],
		['lastSeenAt', 'infinity'],
		['name', 'a\0b'],
		['email', '\ud800']
	] as const)('of %s is rejected with %j', (sort, value) => {
		expect(readCursor(cursorOf(value, id, 0), sort)).toBeUndefined();
	});

	it.each([
		'',
		'x',
		'!!!',
		cursorOf(),
		cursorOf('a'),
		cursorOf('a', 'no id', 0),
		cursorOf('a', id, -1),
		cursorOf('a', id, 1.5),
		cursorOf('a', id, '0'),
		cursorOf(5, id, 0),
		cursorOf('a', id, 0, 'more'),
		Buffer.from('{"value":"a"}').toString('base64url'),
		Buffer.from('null').toString('base64url')
	])('is rejected if malformed: %j', (text) => {
		for (const sort of userSorts) expect(readCursor(text, sort)).toBeUndefined();
	});

	it('never throws', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.base64String()), fc.constantFrom(...userSorts), (text, sort) => {
				expect(() => readCursor(text, sort)).not.toThrow();
			})
		);
	});
});
