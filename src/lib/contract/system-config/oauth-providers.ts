import { z } from 'zod';
import { firstProviderId } from '../oauth.ts';
import { isPlainUrl } from './fields.ts';
import { AdminConfigOAuthDto, oauthDefaults } from './oauth.ts';

/** How far a provider is trusted, which Immich has no settings for. */
const trust = {
	linkByEmail: z.enum(['withoutPassword', 'verified']).meta({
		title: 'Accounts found by their e-mail',
		description:
			'Whose account a verified e-mail links at the first sign-in: only those without a password, or all (verified). An administrator’s never.'
	}),
	applyClaimsAtSignIn: z.boolean().meta({
		title: 'Follow the provider at each sign-in',
		description:
			'Lets storage label, quota and role change with what the provider says. Otherwise it is asked once, for new accounts.'
	}),
	allowPrivatePictures: z.boolean().meta({
		title: 'Fetch pictures from private networks',
		description: 'For a provider in your own network. Otherwise pictures of people come from public addresses only.'
	}),
	requireLogoutTokenType: z.boolean().meta({
		title: 'Insist on typed logout tokens',
		description: 'Refuses logout tokens whose type is not logout+jwt. Switch it off for a provider that sends others.'
	})
};

export const OAuthTrustDto = z.object(trust).meta({
	title: 'OAuth: trust',
	description: 'How far the first provider is trusted.'
});
export type OAuthTrust = z.output<typeof OAuthTrustDto>;

export const oauthTrustDefaults: OAuthTrust = {
	linkByEmail: 'withoutPassword',
	applyClaimsAtSignIn: false,
	allowPrivatePictures: false,
	requireLogoutTokenType: true
};

const { autoLaunch: _, ...asFirst } = AdminConfigOAuthDto.shape;

/** A provider beside the first one, which Immich's own settings describe. */
export const OAuthProviderDto = z
	.object({
		...asFirst,
		tokenEndpointAuthMethod: z.enum(['client_secret_post', 'client_secret_basic', 'none']).meta({
			title: 'How the secret is sent',
			description:
				'In the body of the request (post), in its Authorization header (basic), or not at all for a public client (none).'
		}),
		position: z.int().min(1).max(100).meta({
			title: 'Place on the sign-in page',
			description: 'Smaller numbers come first, all of them below the first provider.'
		}),
		...trust
	})
	.superRefine(({ enabled, issuerUrl, clientId, mobileOverrideEnabled, mobileRedirectUri }, context) => {
		const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
		if (enabled && (issuerUrl === '' || clientId === ''))
			refuse('enabled', 'It can be switched on once it has an issuer URL and a client ID');
		if (mobileOverrideEnabled && mobileRedirectUri !== '' && !isPlainUrl(mobileRedirectUri))
			refuse('mobileRedirectUri', 'Mobile redirect URI must be an empty string or a valid URL');
	})
	.meta({ title: 'Another provider', description: 'Sign-in through one more OpenID Connect provider.' });
export type OAuthProviderSettings = z.output<typeof OAuthProviderDto>;

const { autoLaunch: __, ...defaultsAsFirst } = oauthDefaults;

export const oauthProviderDefaults: OAuthProviderSettings = {
	...defaultsAsFirst,
	position: 1,
	...oauthTrustDefaults
};

/** What a provider is called in addresses and settings: short, and never changed. */
export const ProviderId = z
	.string()
	.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'Use small letters, digits and hyphens, 32 at most')
	.refine((id) => id !== firstProviderId, 'This is what the first provider is called');

export const mostProviders = 10;

export const OAuthProvidersDto = z
	.record(ProviderId, OAuthProviderDto)
	.refine((providers) => Object.keys(providers).length <= mostProviders, `At most ${mostProviders} more providers`);
