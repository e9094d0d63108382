import { z } from 'zod';
import { dateTime } from '../fields.ts';

export const VersionCheckStateResponseDto = z
	.object({ checkedAt: dateTime.nullable(), releaseVersion: z.string().nullable() })
	.meta({ id: 'VersionCheckStateResponseDto' });
export type VersionCheckState = z.output<typeof VersionCheckStateResponseDto>;
