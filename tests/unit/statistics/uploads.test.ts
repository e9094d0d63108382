import { describe, expect, it } from 'vitest';
import { getLevel, groupByMonth, getWeekday } from '#lib/console/statistics/uploads.ts';

describe('uploads by month', () => {
	it('groups the days by month, in order, and finds the busiest day', () => {
		const months = groupByMonth({
			from: '2026-01-30',
			to: '2026-03-01',
			totalCount: 6,
			counts: [1, 0, ...Array.from({ length: 28 }, (_, day) => (day === 4 ? 3 : day === 9 ? 2 : 0)), 0]
		});
		expect(
			months.map(({ date, counts, total, activeDays, busiest }) => [date, counts.length, total, activeDays, busiest])
		).toEqual([
			['2026-01-30', 2, 1, 1, { date: '2026-01-30', count: 1 }],
			['2026-02-01', 28, 5, 2, { date: '2026-02-05', count: 3 }],
			['2026-03-01', 1, 0, 0, null]
		]);
	});

	it('counts weekdays from Monday', () => {
		expect(['2026-03-02', '2026-03-08', '2024-02-29'].map(getWeekday)).toEqual([0, 6, 3]);
	});

	it('has separate shades for zero and one, and the darkest for the maximum', () => {
		expect([getLevel(0, 0), getLevel(0, 9), getLevel(1, 10_000), getLevel(25, 100), getLevel(100, 100)]).toEqual([
			0, 0, 1, 2, 4
		]);
	});
});
