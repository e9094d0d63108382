import { z } from 'zod';
import { firstProviderId } from '../../oauth/oauth.ts';
import { isPlainUrl, webUrlOrEmpty } from './fields.ts';
import { AdminConfigOAuthDto, oauthDefaults } from '../groups/oauth.ts';

/** How far a provider is trusted; Immich has no such settings. */
const trust = {
	expectedIssuer: webUrlOrEmpty('Expected issuer must be an empty string or a valid URL').default('').meta({
		title: 'Expected issuer',
		description:
			'The issuer that the discovery document must announce, if it differs from the issuer URL. With Microsoft Entra ID, the issuer of one tenant admits that tenant only.'
	}),
	linkByEmail: z.enum(['withoutPassword', 'verified']).meta({
		title: 'Link accounts by email',
		description:
			'Which accounts a verified email links at the first sign-in: only those without a password, or all (verified). The email of the account must have been set by an admin or verified by a provider. Admins are never linked by email.'
	}),
	emailTrust: z
		.enum(['verified', 'register', 'always'])
		// Clients of an earlier version omit this key.
		.default('verified')
		.meta({
			title: 'Trust in emails',
			description:
				'verified: users whose email the provider calls unverified can’t register. register: they can, but are never linked to an existing account. always: every email of this provider counts as verified; choose this only if users can’t change their email there (authentik sends email_verified: false by default).'
		}),
	applyClaimsAtSignIn: z.boolean().meta({
		title: 'Update storage label and quota at each sign-in',
		description:
			'Storage label and quota follow the provider’s claims. Otherwise they are read once, for new accounts. The role is always updated when its claim is sent.'
	}),
	allowPrivatePictures: z.boolean().meta({
		title: 'Fetch pictures from private networks',
		description: 'For a provider in your own network. Otherwise profile pictures are loaded from public addresses only.'
	}),
	requireLogoutTokenType: z.boolean().meta({
		title: 'Require typ “logout+jwt”',
		description: 'Refuses logout tokens whose type is not logout+jwt. Switch it off for a provider that sends others.'
	})
};

export const OAuthTrustDto = z.object(trust).meta({
	title: 'OAuth: trust',
	description: 'What the provider may do.'
});
export type OAuthTrust = z.output<typeof OAuthTrustDto>;

export const oauthTrustDefaults: OAuthTrust = {
	expectedIssuer: '',
	linkByEmail: 'withoutPassword',
	emailTrust: 'verified',
	applyClaimsAtSignIn: false,
	allowPrivatePictures: false,
	requireLogoutTokenType: true
};

const { autoLaunch: _, ...asFirst } = AdminConfigOAuthDto.shape;

/** A provider other than the first, which Immich's own settings describe. */
export const OAuthProviderDto = z
	.object({
		...asFirst,
		position: z.int().min(1).max(100).meta({
			title: 'Place on the sign-in page',
			description: 'Smaller numbers come first, all of them below the first provider.'
		}),
		...trust
	})
	.superRefine(({ enabled, issuerUrl, clientId, mobileOverrideEnabled, mobileRedirectUri }, context) => {
		const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
		if (enabled && (issuerUrl === '' || clientId === ''))
			refuse('enabled', 'You can turn it on once it has an issuer URL and a client ID');
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

/** A provider's ID in URLs and settings: short and immutable. */
export const ProviderId = z
	.string()
	.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'Use small letters, digits and hyphens, 32 at most')
	.refine((id) => id !== firstProviderId, 'This ID is already used by the default provider');

export const mostProviders = 10;

export const OAuthProvidersDto = z
	.record(ProviderId, OAuthProviderDto)
	.refine((providers) => Object.keys(providers).length <= mostProviders, `At most ${mostProviders} more providers`)
	.meta({ maxProperties: mostProviders });
