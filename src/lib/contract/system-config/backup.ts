import { z } from 'zod';
import { cronExpression, flexibleBoolean } from './fields.ts';

export const AdminConfigBackupsDto = z.object({
	database: z.object({ enabled: flexibleBoolean, cronExpression, keepLastAmount: z.int().min(1) })
});

export const backupDefaults: z.output<typeof AdminConfigBackupsDto> = {
	database: { enabled: true, cronExpression: '0 02 * * *', keepLastAmount: 14 }
};
