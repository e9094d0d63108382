import { z } from 'zod';
import { idParams, isoDate, queryBoolean } from '../fields.ts';
import { defineOperations } from '../operation.ts';

export const assetVisibilities = ['archive', 'timeline', 'hidden', 'locked'] as const;
export const AssetVisibility = z.enum(assetVisibilities).meta({ id: 'AssetVisibility' });

export const AssetStatsResponseDto = z
	.object({ images: z.int().min(0), videos: z.int().min(0), total: z.int().min(0) })
	.meta({ id: 'AssetStatsResponseDto' });
export type AssetStatistics = z.output<typeof AssetStatsResponseDto>;

export const AssetStatsQuery = z.object({
	isFavorite: queryBoolean.optional(),
	isTrashed: queryBoolean.optional(),
	visibility: z.enum(assetVisibilities).optional()
});

export const CalendarHeatmapQuery = z.object({
	from: isoDate.optional(),
	to: isoDate.optional(),
	/** Counts by day of upload, or by local day at the place where a photo was taken. */
	type: z.enum(['Upload', 'Taken']).default('Upload')
});

export const CalendarHeatmapResponseDto = z
	.object({
		from: z.iso.date(),
		to: z.iso.date(),
		totalCount: z.int().min(0),
		series: z.array(z.object({ date: z.iso.date(), count: z.int().min(0) }))
	})
	.meta({ id: 'CalendarHeatmapResponseDto' });
export type CalendarHeatmap = z.output<typeof CalendarHeatmapResponseDto>;

const adminRead = { permission: 'adminUser.read', admin: true } as const;

export const userStatisticsOperations = defineOperations({
	getUserStatisticsAdmin: {
		summary: 'Get a user’s photo and video statistics',
		rest: 'GET /api/admin/users/[id]/statistics',
		upstream: 'rest',
		access: adminRead,
		params: idParams,
		query: AssetStatsQuery,
		reply: AssetStatsResponseDto
	},
	getUserCalendarHeatmapAdmin: {
		summary: 'Count a user’s photos and videos by day',
		rest: 'GET /api/admin/users/[id]/calendar-heatmap',
		upstream: 'rest',
		access: adminRead,
		params: idParams,
		query: CalendarHeatmapQuery,
		reply: CalendarHeatmapResponseDto
	},
	getMyCalendarHeatmap: {
		summary: 'Count your photos and videos by day',
		rest: 'GET /api/users/me/calendar-heatmap',
		upstream: 'rest',
		access: { permission: 'user.read' },
		query: CalendarHeatmapQuery,
		reply: CalendarHeatmapResponseDto
	}
});
