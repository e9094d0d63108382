import { z } from 'zod';
import { dateTime } from './fields.ts';

export const SessionResponseDto = z
	.object({
		id: z.string(),
		createdAt: dateTime,
		updatedAt: dateTime,
		expiresAt: dateTime.optional(),
		current: z.boolean(),
		deviceType: z.string(),
		deviceOS: z.string(),
		appVersion: z.string().nullable(),
		isPendingSyncReset: z.boolean()
	})
	.meta({ id: 'SessionResponseDto' });
export type SessionDto = z.output<typeof SessionResponseDto>;
