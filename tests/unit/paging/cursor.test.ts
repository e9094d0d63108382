import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integerOrder, readCursor, textOrder, timeOrder, writeCursor } from '#lib/server/platform/paging/cursor.ts';

const id = 'c0ffee00-0000-4000-a000-000000000000';
const orders = { text: textOrder, integer: integerOrder, time: timeOrder };
const toCursor = (...tuple: unknown[]) => Buffer.from(JSON.stringify(tuple)).toString('base64url');

describe('a cursor', () => {
	it('round-trips for any name', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
				fc.option(fc.nat()),
				(value, offset) => {
					expect(readCursor(writeCursor({ value, id }, offset), textOrder)).toEqual({ value, id, offset });
				}
			)
		);
	});

	it.each([
		['integer', '0'],
		['integer', '-5'],
		['integer', '999999999999999999'],
		['time', '2026-07-21 10:00:00+00'],
		['time', '2026-07-21 10:00:00.123456+00'],
		['time', '2024-02-29 23:59:59.5+00'],
		['time', '-infinity']
	] as const)('of %s can hold %s', (order, value) => {
		expect(readCursor(writeCursor({ value, id }, 3), orders[order])).toEqual({ value, id, offset: 3 });
	});

	it.each([
		['integer', 'many'],
		['integer', '1e5'],
		['integer', '9999999999999999999'],
		['integer', ''],
		['time', 'yesterday'],
		['time', '2026-02-30 10:00:00+00'],
		['time', '0000-01-01 00:00:00+00'],
		['time', '2026-07-21 10:00:60+00'],
		['time', '2026-07-21 10:00:00.1234567+00'],
		['time', "2026-07-21 10:00:00+00'; DROP TABLE"],
		['time', 'infinity'],
		['text', 'a\0b'],
		['text', '\ud800']
	] as const)('of %s is rejected with %j', (order, value) => {
		expect(readCursor(toCursor(value, id, 0), orders[order])).toBeUndefined();
	});

	it.each([
		'',
		'x',
		'!!!',
		toCursor(),
		toCursor('a'),
		toCursor('a', 'no id', 0),
		toCursor('a', id, -1),
		toCursor('a', id, 1.5),
		toCursor('a', id, '0'),
		toCursor(5, id, 0),
		toCursor('a', id, 0, 'more'),
		Buffer.from('{"value":"a"}').toString('base64url'),
		Buffer.from('null').toString('base64url')
	])('is rejected if malformed: %j', (text) => {
		for (const order of Object.values(orders)) expect(readCursor(text, order)).toBeUndefined();
	});

	it('never throws', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.string(), fc.base64String()),
				fc.constantFrom(...Object.values(orders)),
				(text, order) => {
					expect(() => readCursor(text, order)).not.toThrow();
				}
			)
		);
	});
});
