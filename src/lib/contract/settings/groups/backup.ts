import { z } from 'zod';
import { cronExpression, flexibleBoolean } from '../document/fields.ts';

export const AdminConfigBackupsDto = z
	.object({
		database: z
			.object({
				enabled: flexibleBoolean.meta({
					title: 'Back up the database',
					description: 'Has no effect yet: this server makes no backups.'
				}),
				cronExpression: cronExpression.meta({
					title: 'Schedule',
					description: 'A cron expression: minute, hour, day of month, month, day of week. Has no effect yet.'
				}),
				keepLastAmount: z.int().min(1).meta({
					title: 'Backups to keep',
					description: 'How many of the latest backups are kept. Has no effect yet.'
				})
			})
			.meta({ title: 'Database', description: 'Settings for automatic backups of the database.' })
	})
	.meta({ title: 'Backup', description: 'Not available yet: this server makes no backups of the database.' });

export const backupDefaults: z.output<typeof AdminConfigBackupsDto> = {
	database: { enabled: true, cronExpression: '0 02 * * *', keepLastAmount: 14 }
};
