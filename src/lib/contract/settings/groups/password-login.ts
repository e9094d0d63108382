import { z } from 'zod';
import { flexibleBoolean } from '../document/fields.ts';

export const AdminConfigPasswordLoginDto = z
	.object({
		enabled: flexibleBoolean.meta({
			title: 'Sign in with a password',
			description: 'Lets people sign in with e-mail address and password. Turn it off only once another way in works.'
		})
	})
	.meta({ title: 'Password', description: 'Sign-in with an e-mail address and a password.' });

export const passwordLoginDefaults: z.output<typeof AdminConfigPasswordLoginDto> = { enabled: true };
