import { z } from 'zod';
import { settingDocument } from '../document/fields.ts';

export const AdminConfigThemeDto = z
	.object({
		customCss: settingDocument.meta({
			title: 'Custom CSS',
			description: 'Applied to all pages except this one, so you can fix mistakes.',
			contentMediaType: 'text/css'
		})
	})
	.meta({ title: 'Theme', description: 'How pages look.' });

export const themeDefaults: z.output<typeof AdminConfigThemeDto> = { customCss: '' };
