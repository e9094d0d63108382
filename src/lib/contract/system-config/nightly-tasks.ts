import { z } from 'zod';
import { flexibleBoolean, timeOfDay } from './fields.ts';

export const AdminConfigNightlyTasksDto = z.object({
	startTime: timeOfDay,
	databaseCleanup: flexibleBoolean,
	missingThumbnails: flexibleBoolean,
	clusterNewFaces: flexibleBoolean,
	generateMemories: flexibleBoolean,
	syncQuotaUsage: flexibleBoolean
});

export const nightlyTasksDefaults: z.output<typeof AdminConfigNightlyTasksDto> = {
	startTime: '00:00',
	databaseCleanup: true,
	missingThumbnails: true,
	clusterNewFaces: true,
	generateMemories: true,
	syncQuotaUsage: true
};
