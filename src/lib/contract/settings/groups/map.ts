import { z } from 'zod';
import { credentialsInUrl, flexibleBoolean, hasCredentials } from '../document/fields.ts';

const styleUrl = z
	.url()
	.max(10_000)
	.refine((text) => !hasCredentials(text), credentialsInUrl);

export const AdminConfigMapDto = z
	.object({ enabled: flexibleBoolean, lightStyle: styleUrl, darkStyle: styleUrl })
	.meta({ title: 'Map', description: 'Map provider.' });

export const mapDefaults: z.output<typeof AdminConfigMapDto> = {
	enabled: true,
	lightStyle: 'https://tiles.immich.cloud/v1/style/light.json',
	darkStyle: 'https://tiles.immich.cloud/v1/style/dark.json'
};
