import { z } from 'zod';
import { flexibleBoolean, isPlainUrl, webUrlOrEmpty } from './fields.ts';

export const AdminConfigOAuthDto = z
	.object({
		enabled: flexibleBoolean.meta({
			title: 'Sign in with a provider',
			description: 'Offers sign-in through the OpenID Connect provider described below.'
		}),
		issuerUrl: webUrlOrEmpty('Issuer URL must be an empty string or a valid URL').meta({
			title: 'Issuer URL',
			description: "The provider's address, with or without /.well-known/openid-configuration at its end."
		}),
		clientId: z.string().meta({
			title: 'Client ID',
			description: 'The name under which this server is registered with the provider.'
		}),
		clientSecret: z.string().meta({
			title: 'Client secret',
			description: 'The secret that the provider has given to this server. Leave it empty for a public client.',
			format: 'password'
		}),
		tokenEndpointAuthMethod: z.enum(['client_secret_post', 'client_secret_basic']).meta({
			title: 'How the secret is sent',
			description:
				'In the body of the request (post) or in its Authorization header (basic), as the provider expects it.'
		}),
		scope: z.string().meta({
			title: 'Scopes',
			description:
				'What to ask the provider for, separated by spaces. It must include openid; email is needed to match accounts.'
		}),
		prompt: z.string().meta({
			title: 'Prompt',
			description:
				'Asks the provider to show a certain page, for example select_account or login. Empty leaves it to the provider.'
		}),
		signingAlgorithm: z.string().meta({
			title: 'ID token signature',
			description: 'The only algorithm that is accepted on ID tokens, for example RS256 or ES256.'
		}),
		profileSigningAlgorithm: z.string().meta({
			title: 'Profile signature',
			description: "The algorithm that signs the provider's profile answer; none where that answer is plain JSON."
		}),
		timeout: z.int().min(1).meta({
			title: 'Timeout (milliseconds)',
			description: 'How long to wait for each answer of the provider.'
		}),
		allowInsecureRequests: flexibleBoolean.meta({
			title: 'Allow a provider without https',
			description: 'Permits an http address. Tokens and secrets then cross the network unprotected.'
		}),
		autoRegister: flexibleBoolean.meta({
			title: 'Register new people',
			description: 'Creates an account when somebody without one signs in through the provider.'
		}),
		autoLaunch: flexibleBoolean.meta({
			title: 'Go to the provider at once',
			description: 'Skips the login page. Opening it with ?autoLaunch=0 still shows it.'
		}),
		buttonText: z.string().meta({
			title: 'Button text',
			description: 'What stands on the button that leads to the provider.'
		}),
		mobileOverrideEnabled: flexibleBoolean.meta({
			title: 'Own redirect address for mobile apps',
			description: 'For providers that accept only web addresses as redirect targets.'
		}),
		mobileRedirectUri: z.string().meta({
			title: 'Mobile redirect address',
			description: "Sent to the provider in place of the mobile app's own address while the setting above is on."
		}),
		endSessionEndpoint: webUrlOrEmpty('endSessionEndpoint must be an empty string or a valid URL').meta({
			title: 'Logout address',
			description: 'Where to send people who sign out. Empty uses the address that the provider announces.'
		}),
		accountManagementUrl: webUrlOrEmpty('Account management URL must be an empty string or a valid URL')
			// Immich lets clients from before 3.2 leave this key out.
			.default('')
			.meta({
				title: 'Account page',
				description: 'Where people manage their account at the provider; apps show a link to it.'
			}),
		defaultStorageQuota: z.int().min(0).nullable().meta({
			title: 'Storage quota of new people (GiB)',
			description: 'Given to accounts that the provider says nothing about. Empty means unlimited.'
		}),
		storageLabelClaim: z.string().meta({
			title: 'Claim for the storage label',
			description: 'Which claim of the provider names the storage folder of a new account.'
		}),
		storageQuotaClaim: z.string().meta({
			title: 'Claim for the storage quota',
			description: 'Which claim of the provider holds the quota of a new account, in GiB.'
		}),
		roleClaim: z.string().meta({
			title: 'Claim for the role',
			description: 'Which claim of the provider says whether a new account is a user or an admin.'
		})
	})
	.superRefine(({ mobileOverrideEnabled, mobileRedirectUri }, context) => {
		if (!mobileOverrideEnabled || mobileRedirectUri === '' || isPlainUrl(mobileRedirectUri)) return;
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
