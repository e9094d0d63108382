import { z } from 'zod';
import { flexibleBoolean } from './fields.ts';

export const AdminConfigReverseGeocodingDto = z.object({ enabled: flexibleBoolean });

export const reverseGeocodingDefaults: z.output<typeof AdminConfigReverseGeocodingDto> = { enabled: true };
