import type { CalendarHeatmap } from '#lib/contract/statistics/user-statistics.ts';

const dayMs = 86_400_000;

/** How much came on each day from `from` on; smaller than the wire's form, for pages that carry a year of it. */
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

/** Names the day that comes so many days later. */
export const dayOf = (from: string, index: number): string =>
	new Date(Date.parse(from) + index * dayMs).toISOString().slice(0, 10);

/** Counts weekdays from Monday, 0, to Sunday, 6. */
export const weekdayOf = (date: string): number => (new Date(Date.parse(date)).getUTCDay() + 6) % 7;

export const levels = [0, 1, 2, 3, 4] as const;

/** How dark a day is shown, from 0 for none to 4; by the root, so that one great day does not make all others pale. */
export const levelOf = (count: number, most: number): number =>
	count === 0 ? 0 : Math.max(1, Math.ceil(4 * Math.sqrt(count / most)));

export interface DayOfUploads {
	readonly date: string;
	readonly count: number;
}

export interface MonthOfUploads {
	/** The first day of the month that is counted. */
	readonly date: string;
	/** What came on each of its days from then on. */
	readonly counts: readonly number[];
	readonly total: number;
	readonly activeDays: number;
	/** The day on which most came; null where nothing came. */
	readonly busiest: DayOfUploads | null;
}

/** Parts the days by month, in their order. */
export function monthsOf(uploads: Uploads): MonthOfUploads[] {
	const months = new Map<string, { date: string; counts: number[] }>();
	for (const [index, count] of uploads.counts.entries()) {
		const date = dayOf(uploads.from, index);
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
			busiest: most > 0 ? { date: dayOf(date, counts.indexOf(most)), count: most } : null
		};
	});
}
