import { z } from 'zod';

export const AdminConfigThemeDto = z
	.object({
		customCss: z.string().meta({
			title: 'Own style sheet',
			description: 'CSS that every page loads. A mistake here can make pages unusable, this one included.',
			contentMediaType: 'text/css'
		})
	})
	.meta({ title: 'Theme', description: 'How pages look.' });

export const themeDefaults: z.output<typeof AdminConfigThemeDto> = { customCss: '' };
