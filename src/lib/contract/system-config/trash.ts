import { z } from 'zod';
import { flexibleBoolean } from './fields.ts';

export const AdminConfigTrashDto = z
	.object({
		enabled: flexibleBoolean.meta({
			title: 'Use the trash',
			description: 'Keeps deleted photos for a while. Without it they are removed at once.'
		}),
		days: z.int().min(0).meta({
			title: 'Time in the trash (days)',
			description: 'After this many days a photo in the trash is removed for good.'
		})
	})
	.meta({ title: 'Trash', description: 'What happens to deleted photos.' });

export const trashDefaults: z.output<typeof AdminConfigTrashDto> = { enabled: true, days: 30 };
