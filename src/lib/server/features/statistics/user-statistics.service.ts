import { dayMs } from '#lib/contract/day.ts';
import type { z } from 'zod';
import type {
	AssetStatistics,
	AssetStatsQuery,
	CalendarHeatmap,
	CalendarHeatmapQuery
} from '#lib/contract/statistics/user-statistics.ts';
import { isElevated, type Auth } from '#lib/server/platform/caller/caller.ts';
import { elevationRequired } from '#lib/server/platform/errors.ts';
import { tooLongRange } from './errors.ts';
import type { AssetCountRepository } from './asset-count.repository.ts';

const defaultDays = 52 * 7;
/** A little over ten years. */
const maxDays = 3_660;

const dayAt = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);

/** Counts what a user has uploaded; everything is zero for an unknown ID. */
export class UserStatisticsService {
	readonly #assets: AssetCountRepository;

	constructor(assets: AssetCountRepository) {
		this.#assets = assets;
	}

	/** Counts a user’s photos and videos, in the trash or outside it. */
	count(userId: string, query: z.output<typeof AssetStatsQuery>): Promise<AssetStatistics> {
		return this.#assets.count(userId, query);
	}

	/**
	 * Counts the caller’s photos and videos.
	 * @throws {AppError} 401 for locked ones in a session that isn't elevated
	 */
	async countOwn(auth: Auth, query: z.output<typeof AssetStatsQuery>): Promise<AssetStatistics> {
		if (query.visibility === 'locked' && !isElevated(auth)) throw elevationRequired();
		return this.count(auth.user.id, query);
	}

	/**
	 * Counts by day, including days without any; the default range is the 52 weeks up to today.
	 * @throws {AppError} 400 if the range is empty or too long
	 */
	async heatmap(userId: string, query: z.output<typeof CalendarHeatmapQuery>): Promise<CalendarHeatmap> {
		const to = query.to ?? dayAt(query.from ? Math.max(Date.now(), Date.parse(query.from)) : Date.now());
		const from = query.from ?? dayAt(Date.parse(to) - defaultDays * dayMs);
		const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
		if (days < 1 || days > maxDays) throw tooLongRange(maxDays);
		const counted = await this.#assets.countByDay(userId, { from, to }, query.type);
		const counts = new Map(counted.map(({ date, count }) => [date, count]));
		const series = Array.from({ length: days }, (_, index) => {
			const date = dayAt(Date.parse(from) + index * dayMs);
			return { date, count: counts.get(date) ?? 0 };
		});
		return { from, to, totalCount: series.reduce((sum, { count }) => sum + count, 0), series };
	}
}
