import { z } from 'zod';
import { cronExpression, flexibleBoolean } from './fields.ts';

export const AdminConfigBackupsDto = z
	.object({
		database: z
			.object({
				enabled: flexibleBoolean.meta({
					title: 'Back up the database',
					description: 'Writes the database into a file at the times below. Photos are not part of it.'
				}),
				cronExpression: cronExpression.meta({
					title: 'When',
					description:
						'As a cron expression: minute, hour, day of month, month, day of week. ‘0 02 * * *’ is every night at two.'
				}),
				keepLastAmount: z.int().min(1).meta({
					title: 'How many to keep',
					description: 'Older files than the last so many are removed.'
				})
			})
			.meta({ title: 'Database', description: 'Accounts, albums and all that is known of photos.' })
	})
	.meta({ title: 'Backup', description: 'Copies of the database, made by themselves.' });

export const backupDefaults: z.output<typeof AdminConfigBackupsDto> = {
	database: { enabled: true, cronExpression: '0 02 * * *', keepLastAmount: 14 }
};
