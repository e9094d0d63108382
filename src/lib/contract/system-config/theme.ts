import { z } from 'zod';

export const AdminConfigThemeDto = z
	.object({
		customCss: z.string().meta({
			title: 'Own style sheet',
			description:
				'CSS for every page, from when it is next opened. This page does without it, so that a mistake can be mended.',
			contentMediaType: 'text/css'
		})
	})
	.meta({ title: 'Theme', description: 'How pages look.' });

export const themeDefaults: z.output<typeof AdminConfigThemeDto> = { customCss: '' };
