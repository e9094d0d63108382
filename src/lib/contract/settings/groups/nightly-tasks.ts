import { z } from 'zod';
import { flexibleBoolean, timeOfDay } from '../document/fields.ts';

export const AdminConfigNightlyTasksDto = z
	.object({
		startTime: timeOfDay.meta({
			title: 'Start',
			description: 'Start time (server time, HH:MM).'
		}),
		databaseCleanup: flexibleBoolean.meta({
			title: 'Clean up the database',
			description: 'Removes what has expired, such as deleted accounts after their grace period and old sessions.'
		}),
		missingThumbnails: flexibleBoolean.meta({
			title: 'Missing thumbnails',
			description: 'Has no effect: this server makes no thumbnails.'
		}),
		clusterNewFaces: flexibleBoolean.meta({
			title: 'New faces',
			description: 'Has no effect: this server does not recognize faces.'
		}),
		generateMemories: flexibleBoolean.meta({
			title: 'Memories',
			description: 'Has no effect: this server makes no memories.'
		}),
		syncQuotaUsage: flexibleBoolean.meta({
			title: 'Used storage',
			description: 'Recalculate storage usage.'
		})
	})
	.meta({ title: 'Nightly tasks', description: 'Tasks that run once a night.' });

export const nightlyTasksDefaults: z.output<typeof AdminConfigNightlyTasksDto> = {
	startTime: '00:00',
	databaseCleanup: true,
	missingThumbnails: true,
	clusterNewFaces: true,
	generateMemories: true,
	syncQuotaUsage: true
};
