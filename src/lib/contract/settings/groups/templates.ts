import { z } from 'zod';
import { settingDocument } from '../document/fields.ts';

const contentMediaType = 'text/html';

export const AdminConfigTemplateEmailsDto = z
	.object({
		welcomeTemplate: settingDocument.meta({
			title: 'Welcome',
			description: 'For new users. Empty means the built-in text. Not sent yet.',
			contentMediaType
		}),
		albumInviteTemplate: settingDocument.meta({
			title: 'Album invitation',
			description: 'For users added to an album. Empty means the built-in text. Not sent yet.',
			contentMediaType
		}),
		albumUpdateTemplate: settingDocument.meta({
			title: 'Album update',
			description: 'For members of an album with new photos. Empty means the built-in text. Not sent yet.',
			contentMediaType
		})
	})
	.meta({ title: 'Email', description: 'Texts of outgoing email.' });

export const AdminConfigTemplatesDto = z
	.object({ email: AdminConfigTemplateEmailsDto })
	.meta({ title: 'Templates', description: 'Texts for email, which is not available yet.' });

export const templatesDefaults: z.output<typeof AdminConfigTemplatesDto> = {
	email: { welcomeTemplate: '', albumInviteTemplate: '', albumUpdateTemplate: '' }
};
