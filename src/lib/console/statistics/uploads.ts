import { dayMs } from '#lib/contract/day.ts';
import type { CalendarHeatmap } from '#lib/contract/statistics/user-statistics.ts';

/** Uploads per day starting at `from`; more compact than the wire format, for pages with a year of data. */
export interface Uploads {
	readonly from: string;
	readonly to: string;
	readonly totalCount: number;
	readonly counts: readonly number[];
}

export const toUploads = ({ from, to, totalCount, series }: CalendarHeatmap): Uploads => ({
	from,
	to,
	totalCount,
	counts: series.map(({ count }) => count)
});

/** Returns the date `index` days later. */
export const getDay = (from: string, index: number): string =>
	new Date(Date.parse(from) + index * dayMs).toISOString().slice(0, 10);

/** Weekday from Monday, 0, to Sunday, 6. */
export const getWeekday = (date: string): number => (new Date(Date.parse(date)).getUTCDay() + 6) % 7;

export const levels = [0, 1, 2, 3, 4] as const;

/** Shade of a day, from 0 (none) to 4; uses the square root so that one peak doesn't make all other days pale. */
export const getLevel = (count: number, most: number): number =>
	count === 0 ? 0 : Math.max(1, Math.ceil(4 * Math.sqrt(count / most)));

export interface DayOfUploads {
	readonly date: string;
	readonly count: number;
}

export interface MonthOfUploads {
	/** The first day of the month that is counted. */
	readonly date: string;
	/** Uploads per day from `date` on. */
	readonly counts: readonly number[];
	readonly total: number;
	readonly activeDays: number;
	/** The day with the most uploads; null if there are none. */
	readonly busiest: DayOfUploads | null;
}

/** Groups the days by month, in order. */
export function groupByMonth(uploads: Uploads): MonthOfUploads[] {
	const months = new Map<string, { date: string; counts: number[] }>();
	for (const [index, count] of uploads.counts.entries()) {
		const date = getDay(uploads.from, index);
		const month = months.get(date.slice(0, 7)) ?? { date, counts: [] };
		month.counts.push(count);
		months.set(date.slice(0, 7), month);
	}
	return [...months.values()].map(({ date, counts }) => {
		const most = Math.max(...counts);
		return {
			date,
			counts,
			total: counts.reduce((sum, count) => sum + count, 0),
			activeDays: counts.filter((count) => count > 0).length,
			busiest: most > 0 ? { date: getDay(date, counts.indexOf(most)), count: most } : null
		};
	});
}
