import { z } from 'zod';
import { flexibleBoolean } from '../document/fields.ts';

export const AdminConfigTrashDto = z
	.object({
		enabled: flexibleBoolean.meta({
			title: 'Use the trash',
			description: 'Apps offer a trash for deleted photos.'
		}),
		days: z.int().min(0).meta({
			title: 'Keep in trash (days)',
			description: 'Photos that have been in the trash for this long are deleted permanently.'
		})
	})
	.meta({ title: 'Trash', description: 'Where deleted photos stay for a while.' });

export const trashDefaults: z.output<typeof AdminConfigTrashDto> = { enabled: true, days: 30 };
