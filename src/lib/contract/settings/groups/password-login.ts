import { z } from 'zod';
import { flexibleBoolean } from '../document/fields.ts';

export const AdminConfigPasswordLoginDto = z
	.object({
		enabled: flexibleBoolean.meta({
			title: 'Sign in with a password',
			description: 'Lets users sign in with email and password. Turn it off only once another sign-in method works.'
		})
	})
	.meta({ title: 'Password', description: 'Sign-in with email and password.' });

export const passwordLoginDefaults: z.output<typeof AdminConfigPasswordLoginDto> = { enabled: true };
