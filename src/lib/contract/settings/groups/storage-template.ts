import { z } from 'zod';
import { flexibleBoolean, settingText } from '../document/fields.ts';

/** The service checks whether the template renders: that is not a validation error on the wire. */
export const AdminConfigStorageTemplateDto = z
	.object({
		enabled: flexibleBoolean,
		hashVerificationEnabled: flexibleBoolean,
		template: settingText
	})
	.meta({ title: 'Storage template', description: 'Folder structure for uploaded files.' });

export const storageTemplateDefaults: z.output<typeof AdminConfigStorageTemplateDto> = {
	enabled: false,
	hashVerificationEnabled: true,
	template: '{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}'
};
