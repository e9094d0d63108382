import { z } from 'zod';
import { diffDocument, mergeDocument, type JsonObject, type MergedDocument } from './sparse-document.ts';

/** How old a session of one class of devices may grow. */
const sessionAge = (title: string, description: string) =>
	z
		.object({
			idleDays: z.int().min(1).max(3650).meta({
				title: 'Days without use',
				description: 'A session that has not been used for so many days ends.'
			}),
			lifetimeDays: z.int().min(0).max(3650).meta({
				title: 'Lifetime (days)',
				description: 'A session ends so many days after the sign-in, however much it is used. 0 is no such limit.'
			})
		})
		.meta({ title, description });

/** Settings that Immich does not have. They are a document of their own because its clients replace theirs whole. */
export const ImmichAuthConfigDto = z
	.object({
		passwords: z
			.object({
				temporaryLifetimeDays: z.int().min(1).max(365).meta({
					title: 'Lifetime of temporary passwords (days)',
					description: 'After this many days a password that an administrator has set can no longer be used to sign in.'
				}),
				enforceChange: z.boolean().meta({
					title: 'Insist on a new password',
					description:
						'Refuses everything but the change itself to people who have been asked to choose a new password, in apps as well as here.'
				})
			})
			.meta({ title: 'Passwords', description: 'What happens to passwords that were handed out.' }),
		credentials: z
			.object({
				acceptInQuery: z.boolean().meta({
					title: 'Accept credentials in addresses',
					description:
						'Takes session tokens and API keys from the query string. Some older apps need it, but addresses end up in logs and histories.'
				})
			})
			.meta({ title: 'Credentials', description: 'Where apps may put their token or key.' }),
		sessions: z
			.object({
				web: sessionAge('Browsers', 'Whoever signed in on a web page.'),
				mobile: sessionAge('Phones and tablets', 'Whoever signed in with the app.'),
				other: sessionAge('Other programs', 'Televisions, command lines and whatever does not say what it is.')
			})
			.meta({ title: 'Sessions', description: 'How long somebody stays signed in.' }),
		cookies: z
			.object({
				alwaysSecure: z.boolean().meta({
					title: 'Cookies over https only',
					description:
						'Marks cookies as secure even when a request seems to arrive by plain http. Nobody can then sign in to the site over http.'
				})
			})
			.meta({ title: 'Cookies', description: 'How the browser may send the sign-in cookie.' })
	})
	.meta({
		id: 'ImmichAuthConfigDto',
		title: 'Sign-in security',
		description: 'Passwords that were handed out, sessions, cookies, and where apps put their keys.'
	});
export type ImmichAuthConfig = z.output<typeof ImmichAuthConfigDto>;

export const immichAuthConfigDefaults: ImmichAuthConfig = {
	passwords: { temporaryLifetimeDays: 7, enforceChange: true },
	credentials: { acceptInQuery: true },
	sessions: {
		web: { idleDays: 90, lifetimeDays: 0 },
		mobile: { idleDays: 90, lifetimeDays: 0 },
		other: { idleDays: 90, lifetimeDays: 0 }
	},
	cookies: { alwaysSecure: false }
};

/** Reduces the document to what is stored. */
export function diffImmichAuthConfig(config: ImmichAuthConfig): JsonObject {
	return diffDocument(config, immichAuthConfigDefaults);
}

/** Fills what is stored up with the defaults; never fails. */
export function mergeImmichAuthConfig(stored: unknown): MergedDocument<ImmichAuthConfig> {
	return mergeDocument(ImmichAuthConfigDto, immichAuthConfigDefaults, stored);
}
