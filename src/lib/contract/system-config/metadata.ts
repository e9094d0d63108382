import { z } from 'zod';
import { flexibleBoolean } from './fields.ts';

export const AdminConfigMetadataDto = z.object({ faces: z.object({ import: flexibleBoolean }) });

export const metadataDefaults: z.output<typeof AdminConfigMetadataDto> = { faces: { import: false } };
