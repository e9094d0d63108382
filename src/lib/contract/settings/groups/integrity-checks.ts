import { z } from 'zod';
import { cronExpression, flexibleBoolean } from '../document/fields.ts';

const check = z.object({ enabled: flexibleBoolean, cronExpression });

export const AdminConfigIntegrityChecksDto = z
	.object({
		missingFiles: check,
		untrackedFiles: check,
		checksumFiles: check.extend({
			/** Milliseconds. */
			timeLimit: z.int().min(0),
			/** A fraction: 1 is everything. */
			percentageLimit: z.number().min(0).max(1)
		})
	})
	.meta({ title: 'Integrity checks', description: 'Check for missing or modified files.' });

export const integrityChecksDefaults: z.output<typeof AdminConfigIntegrityChecksDto> = {
	missingFiles: { enabled: true, cronExpression: '0 03 * * *' },
	untrackedFiles: { enabled: true, cronExpression: '0 03 * * *' },
	checksumFiles: { enabled: true, cronExpression: '0 03 * * *', timeLimit: 3_600_000, percentageLimit: 1 }
};
