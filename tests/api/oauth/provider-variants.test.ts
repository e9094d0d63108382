import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { begin, comeBack, configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { Oidc, type OidcOptions } from '#tests/support/oidc.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const started: Oidc[] = [];
const ann = { email: 'ann@example.test', email_verified: true, name: 'Ann' };

/** As strict providers do it: the ID token names the person, and UserInfo tells of them. */
const apart = {
	conformIdTokenClaims: true,
	claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] }
};

beforeEach(async () => {
	await api.reset();
	await api.accounts.makeAdmin();
});
afterEach(() => Promise.all(started.splice(0).map((oidc) => oidc.close())));

async function start(options: Omit<OidcOptions, 'redirectUris'>): Promise<Oidc> {
	const oidc = await Oidc.start({ redirectUris: [redirectUri], claims: { ann }, ...options });
	started.push(oidc);
	return oidc;
}

describe('a provider', () => {
	it.each<[string, Omit<OidcOptions, 'redirectUris'>, Record<string, unknown>]>([
		['that takes the secret in the body', {}, { tokenEndpointAuthMethod: 'client_secret_post' }],
		[
			'that takes the secret in a header',
			{ client: { token_endpoint_auth_method: 'client_secret_basic' } },
			{ tokenEndpointAuthMethod: 'client_secret_basic' }
		],
		[
			'that takes none, of a public client',
			{ client: { token_endpoint_auth_method: 'none', client_secret: undefined } },
			{ clientSecret: '' }
		],
		[
			'that signs with elliptic curves',
			{ client: { id_token_signed_response_alg: 'ES256' } },
			{ signingAlgorithm: 'ES256' }
		],
		['that tells of people at UserInfo', { configuration: apart }, {}],
		[
			'that signs what it tells there',
			{
				client: { userinfo_signed_response_alg: 'RS256' },
				configuration: { ...apart, features: { jwtUserinfo: { enabled: true } } }
			},
			{ profileSigningAlgorithm: 'RS256' }
		],
		['without S256', { configuration: { pkce: { methods: ['plain'], required: () => false } } }, {}],
		['that insists on challenges', { configuration: { pkce: { required: () => true } } }, {}],
		['named by its discovery document', {}, { issuerUrl: '/.well-known/openid-configuration' }]
	])('%s lets people in', async (_, options, fields) => {
		const oidc = await start(options);
		const { issuerUrl = '', ...others } = fields;
		await configureOAuth(api, oidc, { ...others, issuerUrl: `${oidc.issuer}${String(issuerUrl)}` });
		const reply = await signInBy(api, oidc, 'ann');
		expect([reply.status, reply.body]).toMatchObject([201, { userEmail: ann.email, name: ann.name }]);
	});

	it.each<[string, Omit<OidcOptions, 'redirectUris'>, Record<string, unknown>]>([
		['has another secret', {}, { clientSecret: 'another' }],
		['signs by another algorithm', { client: { id_token_signed_response_alg: 'ES256' } }, {}],
		['does not sign what it tells', { configuration: apart }, { profileSigningAlgorithm: 'RS256' }],
		[
			'signs that by another algorithm',
			{
				client: { userinfo_signed_response_alg: 'ES256' },
				configuration: { ...apart, features: { jwtUserinfo: { enabled: true } } }
			},
			{ profileSigningAlgorithm: 'RS256' }
		]
	])('500 where it %s than the settings say', async (_, options, fields) => {
		const oidc = await start(options);
		await configureOAuth(api, oidc, fields);
		const reply = await signInBy(api, oidc, 'ann');
		expect([reply.status, reply.body]).toEqual([500, message('Failed to finish oauth')]);
		expect([await api.prisma.session.count(), await api.prisma.oAuthIdentity.count()]).toEqual([0, 0]);
	});

	it('is asked for the scopes and the prompt that are set', async () => {
		const oidc = await start({});
		await configureOAuth(api, oidc, { scope: 'openid email', prompt: 'select_account' });
		const { searchParams } = new URL((await begin(api)).url);
		expect(Object.fromEntries(searchParams)).toMatchObject({ scope: 'openid email', prompt: 'select_account' });
	});

	it('names itself in its answer, which is looked at', async () => {
		const oidc = await start({});
		await configureOAuth(api, oidc);
		const { url, cookie } = await comeBack(api, oidc, 'ann');
		const answer = new URL(url);
		expect(answer.searchParams.get('iss')).toBe(oidc.issuer);
		answer.searchParams.set('iss', 'https://evil.example');
		const reply = await api.request('POST', '/api/oauth/callback', { body: { url: answer.href }, cookie });
		expect([reply.status, reply.body]).toEqual([500, message('Failed to finish oauth')]);
	});
});
