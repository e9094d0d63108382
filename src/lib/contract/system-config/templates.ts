import { z } from 'zod';

const contentMediaType = 'text/html';

export const AdminConfigTemplateEmailsDto = z
	.object({
		welcomeTemplate: z.string().meta({
			title: 'Welcome',
			description: 'Sent to a person whose account has been created. Empty uses the text that comes with the server.',
			contentMediaType
		}),
		albumInviteTemplate: z.string().meta({
			title: 'Album invitation',
			description: 'Sent to a person who has been added to an album. Empty uses the text that comes with the server.',
			contentMediaType
		}),
		albumUpdateTemplate: z.string().meta({
			title: 'Album update',
			description: 'Sent to the members of an album with new photos. Empty uses the text that comes with the server.',
			contentMediaType
		})
	})
	.meta({ title: 'E-mail', description: 'Texts of outgoing mail.' });

export const AdminConfigTemplatesDto = z
	.object({ email: AdminConfigTemplateEmailsDto })
	.meta({ title: 'Templates', description: 'Own wording for what this server sends.' });

export const templatesDefaults: z.output<typeof AdminConfigTemplatesDto> = {
	email: { welcomeTemplate: '', albumInviteTemplate: '', albumUpdateTemplate: '' }
};
