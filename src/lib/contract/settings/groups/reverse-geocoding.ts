import { z } from 'zod';
import { flexibleBoolean } from '../document/fields.ts';

export const AdminConfigReverseGeocodingDto = z
	.object({ enabled: flexibleBoolean })
	.meta({ title: 'Names of places', description: 'Whether coordinates are turned into names.' });

export const reverseGeocodingDefaults: z.output<typeof AdminConfigReverseGeocodingDto> = { enabled: true };
