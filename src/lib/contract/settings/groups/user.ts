import { z } from 'zod';

export const AdminConfigUserDto = z
	.object({
		deleteDelay: z.int().min(1).meta({
			title: 'Grace period (days)',
			description:
				'How long a deleted person can still be restored before the account and its photos are removed for good.'
		})
	})
	.meta({ title: 'People', description: 'What happens to deleted accounts.' });

export const userDefaults: z.output<typeof AdminConfigUserDto> = { deleteDelay: 7 };
