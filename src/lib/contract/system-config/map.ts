import { z } from 'zod';
import { flexibleBoolean } from './fields.ts';

export const AdminConfigMapDto = z
	.object({ enabled: flexibleBoolean, lightStyle: z.url(), darkStyle: z.url() })
	.meta({ title: 'Map', description: 'Where maps come from.' });

export const mapDefaults: z.output<typeof AdminConfigMapDto> = {
	enabled: true,
	lightStyle: 'https://tiles.immich.cloud/v1/style/light.json',
	darkStyle: 'https://tiles.immich.cloud/v1/style/dark.json'
};
