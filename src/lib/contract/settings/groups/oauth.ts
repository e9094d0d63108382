import { z } from 'zod';
import { copiedText, flexibleBoolean, isPlainUrl, settingText, webUrlOrEmpty } from '../document/fields.ts';
import { profileSigningAlgorithm, signingAlgorithm } from '../document/signing-algorithm.ts';

/** An issuer has neither query nor fragment (OpenID Connect Discovery 1.0 §3); a document's address may have a query. */
const canBeIssuer = (text: string): boolean =>
	!text.includes('#') && (!text.includes('?') || text.includes('/.well-known/'));

/** A website, or an app whose scheme contains a dot; others are refused at each sign-in: oauth/redirect-uri.ts. */
const canBeRedirected = (text: string): boolean => /^https?:|^[a-z][a-z\d+-]*\.[a-z\d+.-]*:/i.test(text);

export const AdminConfigOAuthDto = z
	.object({
		enabled: flexibleBoolean.meta({
			title: 'Sign in with a provider',
			description: 'Offers sign-in through the OpenID Connect provider described below.'
		}),
		issuerUrl: webUrlOrEmpty('Issuer URL must be an empty string or a valid URL')
			.refine(canBeIssuer, 'An issuer contains no ? and no #')
			.meta({
				title: 'Issuer URL',
				description:
					"The provider's issuer, or the full address of its discovery document (…/.well-known/openid-configuration). Use the latter if the provider announces another issuer."
			}),
		clientId: copiedText.meta({
			title: 'Client ID',
			description: 'The ID under which this server is registered at the provider.'
		}),
		clientSecret: copiedText.meta({
			title: 'Client secret',
			description: 'The secret from the provider. Leave it empty for a public client.',
			format: 'password'
		}),
		tokenEndpointAuthMethod: z.enum(['client_secret_post', 'client_secret_basic', 'none']).meta({
			title: 'Token endpoint authentication method',
			description:
				'In the request body (post), in the Authorization header (basic), or not at all for a public client (none).'
		}),
		scope: settingText
			// An empty setting falls back to its default.
			.refine((text) => text === '' || text.split(/\s+/).includes('openid'), 'Scopes must include openid')
			.meta({
				title: 'Scopes',
				description:
					'What to ask the provider for, separated by spaces. Must include openid; email is needed to match accounts.'
			}),
		prompt: settingText.meta({
			title: 'Prompt',
			description: 'Optional “prompt” parameter, for example select_account or login.'
		}),
		signingAlgorithm: signingAlgorithm.meta({
			title: 'ID token signing algorithm',
			description: 'The only algorithm accepted on ID tokens, for example RS256 or ES256.'
		}),
		profileSigningAlgorithm: profileSigningAlgorithm.meta({
			title: 'UserInfo signing algorithm',
			description: "The algorithm that signs the provider's UserInfo response; none if that is plain JSON."
		}),
		timeout: z.int().min(1).meta({
			title: 'Timeout (milliseconds)',
			description: 'How long to wait for each answer of the provider.'
		}),
		allowInsecureRequests: flexibleBoolean.meta({
			title: 'Allow insecure (HTTP) provider',
			description: 'Permits an http address. Tokens and secrets then cross the network unprotected.'
		}),
		autoRegister: flexibleBoolean.meta({
			title: 'Auto-register new users',
			description: 'Create an account when someone without one signs in through the provider.'
		}),
		autoLaunch: flexibleBoolean.meta({
			title: 'Go straight to the provider',
			description: 'Skips the login page. Opening it with ?autoLaunch=0 or ?password=1 still shows it.'
		}),
		buttonText: settingText.meta({
			title: 'Button text',
			description: 'Label of the sign-in button.'
		}),
		mobileOverrideEnabled: flexibleBoolean.meta({
			title: 'Override mobile redirect URI',
			description: 'For providers that accept only web addresses as redirect targets.'
		}),
		mobileRedirectUri: copiedText.meta({
			title: 'Mobile redirect address',
			description: "Sent to the provider in place of the mobile app's own address while the setting above is on."
		}),
		endSessionEndpoint: webUrlOrEmpty('endSessionEndpoint must be an empty string or a valid URL').meta({
			title: 'Logout address',
			description: 'Where users go after signing out. Leave empty to use the provider’s own URL.'
		}),
		accountManagementUrl: webUrlOrEmpty('Account management URL must be an empty string or a valid URL')
			// Immich allows clients before 3.2 to omit this key.
			.default('')
			.meta({
				title: 'Account management URL',
				description: 'Where users manage their account at the provider. Apps show a link to it.'
			}),
		defaultStorageQuota: z.int().min(0).nullable().meta({
			title: 'Default storage quota (GiB)',
			description: 'Used when the quota claim is missing. Leave empty for no limit.'
		}),
		storageLabelClaim: copiedText.meta({
			title: 'Storage label claim',
			description: 'Which claim of the provider names the storage folder of a new account.'
		}),
		storageQuotaClaim: copiedText.meta({
			title: 'Storage quota claim',
			description: 'Which claim of the provider holds the quota of a new account, in GiB.'
		}),
		roleClaim: copiedText.meta({
			title: 'Role claim',
			description:
				'Which claim of the provider says whether someone is a user or an admin. It is applied at each sign-in if it is sent.'
		})
	})
	.superRefine(({ mobileOverrideEnabled, mobileRedirectUri }, context) => {
		if (!mobileOverrideEnabled || mobileRedirectUri === '') return;
		if (isPlainUrl(mobileRedirectUri) && canBeRedirected(mobileRedirectUri)) return;
		const message = 'Mobile redirect URI must be an empty string or a valid URL';
		context.addIssue({ code: 'custom', path: ['mobileRedirectUri'], message });
	})
	.meta({ title: 'OAuth', description: 'Sign-in through an OpenID Connect provider.' });

export const oauthDefaults: z.output<typeof AdminConfigOAuthDto> = {
	enabled: false,
	issuerUrl: '',
	clientId: '',
	clientSecret: '',
	tokenEndpointAuthMethod: 'client_secret_post',
	scope: 'openid email profile',
	prompt: '',
	signingAlgorithm: 'RS256',
	profileSigningAlgorithm: 'none',
	timeout: 30_000,
	allowInsecureRequests: false,
	autoRegister: true,
	autoLaunch: false,
	buttonText: 'Login with OAuth',
	mobileOverrideEnabled: false,
	mobileRedirectUri: '',
	endSessionEndpoint: '',
	accountManagementUrl: '',
	defaultStorageQuota: null,
	storageLabelClaim: 'preferred_username',
	storageQuotaClaim: 'immich_quota',
	roleClaim: 'immich_role'
};
