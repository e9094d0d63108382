import { z } from 'zod';
import { settingDocument } from '../document/fields.ts';

export const AdminConfigThemeDto = z
	.object({
		customCss: settingDocument.meta({
			title: 'Own style sheet',
			description:
				'CSS for every page, from when it is next opened. This page does without it, so that a mistake can be mended.',
			contentMediaType: 'text/css'
		})
	})
	.meta({ title: 'Theme', description: 'How pages look.' });

export const themeDefaults: z.output<typeof AdminConfigThemeDto> = { customCss: '' };
