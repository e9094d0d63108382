import { z } from 'zod';
import { flexibleBoolean } from '../document/fields.ts';

export const AdminConfigLoggingDto = z
	.object({
		enabled: flexibleBoolean.meta({
			title: 'Write a log',
			description: 'Record server activity for troubleshooting.'
		}),
		level: z.enum(['verbose', 'debug', 'log', 'warn', 'error', 'fatal']).meta({
			title: 'Log level',
			description: 'Entries below this level are left out: verbose writes everything, fatal almost nothing.'
		})
	})
	.meta({ title: 'Logging', description: 'What the server writes into its log.' });

export const loggingDefaults: z.output<typeof AdminConfigLoggingDto> = { enabled: true, level: 'log' };
