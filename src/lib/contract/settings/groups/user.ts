import { z } from 'zod';

export const AdminConfigUserDto = z
	.object({
		deleteDelay: z.int().min(1).meta({
			title: 'Grace period (days)',
			description: 'How long a deleted user can be restored before the account and its photos are permanently deleted.'
		})
	})
	.meta({ title: 'Users', description: 'What happens to deleted users.' });

export const userDefaults: z.output<typeof AdminConfigUserDto> = { deleteDelay: 7 };
