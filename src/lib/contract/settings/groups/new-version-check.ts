import { z } from 'zod';
import { flexibleBoolean } from '../document/fields.ts';

export const AdminConfigNewVersionCheckDto = z
	.object({
		enabled: flexibleBoolean.meta({
			title: 'Look for new versions',
			description: 'Asks regularly whether a newer version has been published, and tells administrators.'
		}),
		channel: z.enum(['stable', 'releaseCandidate']).meta({
			title: 'Kind of versions',
			description: 'Finished versions only (stable), or also those still being tried out (releaseCandidate).'
		})
	})
	.meta({ title: 'Version check', description: 'Update notifications.' });

// Off, unlike in Immich: the server contacts no third party unless configured to.
export const newVersionCheckDefaults: z.output<typeof AdminConfigNewVersionCheckDto> = {
	enabled: false,
	channel: 'stable'
};
