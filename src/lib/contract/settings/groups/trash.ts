import { z } from 'zod';
import { flexibleBoolean } from '../document/fields.ts';

export const AdminConfigTrashDto = z
	.object({
		enabled: flexibleBoolean.meta({
			title: 'Use the trash',
			description: 'Apps offer a trash for deleted photos.'
		}),
		days: z.int().min(0).meta({
			title: 'Time in the trash (days)',
			description: 'Apps show this time. Emptying the trash is up to Immich; this server removes no photos from it.'
		})
	})
	.meta({ title: 'Trash', description: 'What apps show about deleted photos.' });

export const trashDefaults: z.output<typeof AdminConfigTrashDto> = { enabled: true, days: 30 };
