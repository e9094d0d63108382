import { z } from 'zod';
import { flexibleBoolean, settingText, webUrlOrEmpty } from '../document/fields.ts';

export const AdminConfigServerDto = z
	.object({
		externalDomain: webUrlOrEmpty('External domain must be an empty string or a valid URL').meta({
			title: 'External domain',
			description: 'The public URL of this server, with https://. Used in shared links and emails.'
		}),
		loginPageMessage: settingText.meta({
			title: 'Message on the login page',
			description: 'Shown above the sign-in form.',
			contentMediaType: 'text/html'
		}),
		publicUsers: flexibleBoolean.meta({
			title: 'Users can see each other',
			description: 'Lets everyone with an account find the others, so as to share with them.'
		})
	})
	.meta({ title: 'Server', description: 'Public URL and sign-in message.' });

export const serverDefaults: z.output<typeof AdminConfigServerDto> = {
	externalDomain: '',
	loginPageMessage: '',
	publicUsers: true
};
