import { z } from 'zod';
import { flexibleBoolean } from '../document/fields.ts';

export const AdminConfigMetadataDto = z
	.object({ faces: z.object({ import: flexibleBoolean }) })
	.meta({ title: 'Metadata', description: 'Metadata import.' });

export const metadataDefaults: z.output<typeof AdminConfigMetadataDto> = { faces: { import: false } };
