import { z } from 'zod';
import { cronExpression, flexibleBoolean } from '../document/fields.ts';

export const AdminConfigLibraryDto = z
	.object({
		scan: z.object({ enabled: flexibleBoolean, cronExpression }),
		watch: z.object({ enabled: flexibleBoolean })
	})
	.meta({ title: 'External libraries', description: 'External folders to scan.' });

export const libraryDefaults: z.output<typeof AdminConfigLibraryDto> = {
	scan: { enabled: true, cronExpression: '0 0 * * *' },
	watch: { enabled: false }
};
