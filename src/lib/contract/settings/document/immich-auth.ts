import { z } from 'zod';
import {
	mostProviders,
	oauthProviderDefaults,
	OAuthProvidersDto,
	oauthTrustDefaults,
	OAuthTrustDto,
	ProviderId
} from './oauth-providers.ts';
import { diffDocument, isObject, mergeDocument, type JsonObject, type MergedDocument } from './sparse-document.ts';

/** Maximum age of a session per device class. */
const sessionAge = (title: string, description: string) =>
	z
		.object({
			idleDays: z.int().min(1).max(3650).meta({
				title: 'Days without use',
				description: 'A session that has not been used for so many days ends.'
			}),
			lifetimeDays: z.int().min(0).max(3650).meta({
				title: 'Lifetime (days)',
				description: 'Sign out this many days after sign-in, even if active. 0 = no limit.'
			})
		})
		.meta({ title, description });

export const SecurityDto = z
	.object({
		passwords: z
			.object({
				temporaryLifetimeDays: z.int().min(1).max(365).meta({
					title: 'Temporary password validity (days)',
					description: 'After this many days a password that an administrator has set can no longer be used to sign in.'
				}),
				enforceChange: z.boolean().meta({
					title: 'Enforce password change',
					description: 'Users who must change their password can’t do anything else first, here or in apps.'
				}),
				// Missing in documents written by earlier versions.
				allowCommon: z.boolean().default(false).meta({
					title: 'Allow common passwords',
					description:
						'Accepts passwords that are easy to guess: common ones, names, and the name of this server. Leave this off unless a test needs it.'
				})
			})
			.meta({ title: 'Passwords', description: 'Rules for temporary passwords.' }),
		credentials: z
			.object({
				acceptInQuery: z.boolean().meta({
					title: 'Allow tokens in URLs',
					description:
						'Takes session tokens and API keys from the query string. Some older apps need it, but addresses end up in logs and histories.'
				})
			})
			.meta({ title: 'Credentials', description: 'How apps may send tokens and API keys.' }),
		sessions: z
			.object({
				web: sessionAge('Browsers', 'Sessions from web browsers.'),
				mobile: sessionAge('Phones and tablets', 'Sessions from the mobile app.'),
				other: sessionAge('Other programs', 'TVs, command-line tools and unidentified clients.')
			})
			.meta({ title: 'Sessions', description: 'How long users stay signed in.' }),
		cookies: z
			.object({
				alwaysSecure: z.boolean().meta({
					title: 'Cookies over https only',
					description: 'Always set the Secure flag on cookies. Signing in over HTTP will no longer work.'
				})
			})
			.meta({ title: 'Cookies', description: 'How the browser may send the sign-in cookie.' }),
		// Missing in documents written by earlier versions.
		partners: z
			.object({
				mustAccept: z.boolean().meta({
					title: 'Partners must accept',
					description:
						'A library that is shared with a user is visible only after that user has accepted it. Otherwise it is visible immediately, as in Immich.'
				})
			})
			.default({ mustAccept: false })
			.meta({ title: 'Partners', description: 'How users share their library with others.' })
	})
	.meta({
		title: 'Sign-in security',
		description: 'Passwords that were handed out, sessions, cookies, where apps put their keys, and partners.'
	});

/** Settings that Immich doesn't have. Kept in a separate document because Immich's clients replace theirs as a whole. */
export const ImmichAuthConfigDto = z
	.object({
		...SecurityDto.shape,
		oauth: z.object({ first: OAuthTrustDto, providers: OAuthProvidersDto })
	})
	.meta({ id: 'ImmichAuthConfigDto' });
export type ImmichAuthConfig = z.output<typeof ImmichAuthConfigDto>;

export const immichAuthConfigDefaults: ImmichAuthConfig = {
	passwords: { temporaryLifetimeDays: 7, enforceChange: true, allowCommon: false },
	credentials: { acceptInQuery: true },
	sessions: {
		web: { idleDays: 90, lifetimeDays: 0 },
		mobile: { idleDays: 90, lifetimeDays: 0 },
		other: { idleDays: 90, lifetimeDays: 0 }
	},
	cookies: { alwaysSecure: false },
	partners: { mustAccept: false },
	oauth: { first: oauthTrustDefaults, providers: {} }
};

/** Defaults of a document, including those of each of its providers. */
function defaultsFor(document: unknown): ImmichAuthConfig {
	const oauth = isObject(document) ? document['oauth'] : undefined;
	const named = isObject(oauth) && isObject(oauth['providers']) ? Object.keys(oauth['providers']) : [];
	const ids = named.filter((id) => ProviderId.safeParse(id).success).slice(0, mostProviders);
	const providers = Object.fromEntries(ids.map((id) => [id, oauthProviderDefaults]));
	return { ...immichAuthConfigDefaults, oauth: { ...immichAuthConfigDefaults.oauth, providers } };
}

/** Reduces the document to what is stored. A provider is kept even if all its settings are defaults. */
export function diffImmichAuthConfig(config: ImmichAuthConfig): JsonObject {
	const { oauth = {}, ...others } = diffDocument(config, defaultsFor(config));
	const { providers = {}, ...rest } = isObject(oauth) ? oauth : {};
	const kept = isObject(providers) ? providers : {};
	const ids = Object.keys(config.oauth.providers);
	const all = Object.fromEntries(ids.map((id) => [id, kept[id] ?? {}]));
	const ofOAuth = { ...rest, ...(ids.length > 0 && { providers: all }) };
	return { ...others, ...(Object.keys(ofOAuth).length > 0 && { oauth: ofOAuth }) };
}

/** Merges the stored document with the defaults; never fails. */
export function mergeImmichAuthConfig(stored: unknown): MergedDocument<ImmichAuthConfig> {
	return mergeDocument(ImmichAuthConfigDto, defaultsFor(stored), stored);
}
