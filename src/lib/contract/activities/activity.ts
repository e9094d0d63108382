import { z } from 'zod';
import { dateTime, objectId, objectIdParams } from '../fields.ts';
import { defineForm, defineUpstreamOperations } from '../operation.ts';
import { UserResponseDto } from '../users/user.ts';

export const ReactionType = z.enum(['comment', 'like']);
export const ReactionLevel = z.enum(['album', 'asset']);

export const ActivityResponseDto = z
	.object({
		id: z.string(),
		createdAt: dateTime,
		type: ReactionType,
		user: UserResponseDto,
		/** Null if it is about the whole album. */
		assetId: z.string().nullable(),
		/** Null for a like. */
		comment: z.string().nullable().optional()
	})
	.meta({ id: 'ActivityResponseDto' });
export type Activity = z.output<typeof ActivityResponseDto>;

export const ActivityStatisticsResponseDto = z
	.object({ comments: z.int(), likes: z.int() })
	.meta({ id: 'ActivityStatisticsResponseDto' });

export const ActivityCreateDto = z
	.object({
		albumId: objectId,
		assetId: objectId.optional(),
		type: ReactionType,
		comment: z.string().max(10_000).optional()
	})
	.check(({ value, issues }) => {
		const isComment = value.type === 'comment';
		if (isComment === Boolean(value.comment)) return;
		issues.push({
			code: 'custom',
			path: ['comment'],
			input: value.comment,
			message: isComment
				? 'Comment is required when type is COMMENT'
				: 'Comment must not be provided when type is not COMMENT'
		});
	})
	.meta({ id: 'ActivityCreateDto' });

const about = { albumId: objectId, assetId: objectId.optional() };

export const ActivityQuery = z.object({
	...about,
	/** `album` leaves out what is about a single photo. */
	level: ReactionLevel.optional(),
	type: ReactionType.optional(),
	userId: objectId.optional()
});
export type ActivityQuery = z.output<typeof ActivityQuery>;

const albumPage = '/(console)/albums/[id=uuid]';
const pages = [albumPage, `${albumPage}/[assetId=uuid]`] as const;

/** Maximum number of activities listed: the newest ones, oldest first. */
export const longestActivityList = 5_000;

export const activityOperations = defineUpstreamOperations({
	getActivities: {
		summary: 'List the comments and likes of an album, oldest first',
		rest: 'GET /api/activities',
		access: { permission: 'activity.read' },
		query: ActivityQuery,
		reply: z.array(ActivityResponseDto)
	},
	createActivity: {
		summary: 'Comment on an album or a photo in it, or like it',
		rest: 'POST /api/activities',
		form: defineForm({
			at: [`${pages[0]}?/respond`, `${pages[1]}?/respond`],
			fields: z
				.object({
					album: objectId,
					asset: objectId.optional(),
					type: ReactionType,
					comment: z.string().trim().max(2_000).optional()
				})
				.refine(({ type, comment }) => type === 'like' || comment !== undefined, {
					path: ['comment'],
					error: 'A comment is needed'
				}),
			toBody: ({ album, asset, type, comment }) => ({
				albumId: album,
				type,
				...(asset !== undefined && { assetId: asset }),
				...(type === 'comment' && { comment })
			})
		}),
		access: { permission: 'activity.create' },
		body: ActivityCreateDto,
		reply: ActivityResponseDto,
		status: 201,
		// What was liked before stays as it is.
		statusOf: ({ isNew }: { readonly isNew: boolean }) => (isNew ? 201 : 200)
	},
	getActivityStatistics: {
		summary: 'Count the comments and likes of an album or a photo in it',
		rest: 'GET /api/activities/statistics',
		access: { permission: 'activity.statistics' },
		query: z.object(about),
		reply: ActivityStatisticsResponseDto
	},
	deleteActivity: {
		summary: 'Remove your comment or like, or any in your album',
		rest: 'DELETE /api/activities/[id]',
		form: defineForm({
			at: [`${pages[0]}?/withdraw`, `${pages[1]}?/withdraw`],
			fields: z.object({ activity: objectId }),
			toParams: ({ activity }) => ({ id: activity })
		}),
		access: { permission: 'activity.delete' },
		params: objectIdParams,
		status: 204
	}
});
