import { z } from 'zod';
import { flexibleBoolean, settingText, webUrlOrEmpty } from '../document/fields.ts';

export const AdminConfigServerDto = z
	.object({
		externalDomain: webUrlOrEmpty('External domain must be an empty string or a valid URL').meta({
			title: 'Public address',
			description: 'The address under which people reach this server, with https://. Shared links and e-mails use it.'
		}),
		loginPageMessage: settingText.meta({
			title: 'Message on the login page',
			description: 'Shown above the sign-in form to everybody who opens it.',
			contentMediaType: 'text/html'
		}),
		publicUsers: flexibleBoolean.meta({
			title: 'People can see each other',
			description: 'Lets everyone with an account find the others, so as to share with them.'
		})
	})
	.meta({ title: 'Server', description: 'How this server presents itself.' });

export const serverDefaults: z.output<typeof AdminConfigServerDto> = {
	externalDomain: '',
	loginPageMessage: '',
	publicUsers: true
};
