import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientAuthMethod, ClientMetadata, Configuration } from 'oidc-provider';
import { useApi } from '#tests/support/api.ts';
import { begin, comeBack, configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { Oidc, type OidcOptions } from '#tests/support/oidc.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const ann = { email: 'ann@example.test', email_verified: true, name: 'Ann Example' };
const failed = message('Failed to finish oauth');
let oidc: Oidc;

beforeEach(async () => {
	await api.reset();
	await api.accounts.makeAdmin();
});
afterEach(() => oidc.close());

type Variant = Pick<OidcOptions, 'client' | 'configuration'>;

/** Starts a provider of this kind and configures it in the server. */
async function provide(variant: Variant = {}, fields: Readonly<Record<string, unknown>> = {}) {
	oidc = await Oidc.start({ redirectUris: [redirectUri], claims: { ann }, ...variant });
	await configureOAuth(api, oidc, fields);
}

/** Records requests to the provider's token endpoint. */
function watchExchange() {
	const sent: { scheme: string; body: Readonly<Record<string, unknown>> }[] = [];
	oidc.at('token', ({ headers, body }) => {
		sent.push({ scheme: headers.authorization?.split(' ')[0] ?? '', body });
	});
	return sent;
}

/** Leaves claims out of the ID token, so that UserInfo is needed. */
const byUserInfo = {
	conformIdTokenClaims: true,
	claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] }
};

describe('client authentication', () => {
	it.each<[ClientAuthMethod, Record<string, unknown>, string, string | undefined]>([
		['client_secret_basic', { tokenEndpointAuthMethod: 'client_secret_basic' }, 'Basic', undefined],
		['client_secret_post', { tokenEndpointAuthMethod: 'client_secret_post' }, '', 'a-secret-of-the-provider'],
		['none', { clientSecret: '' }, '', undefined],
		['none', { clientSecret: '', tokenEndpointAuthMethod: 'client_secret_basic' }, '', undefined],
		['none', { tokenEndpointAuthMethod: 'none' }, '', undefined]
	])('returns 201 for %s with %o', async (method, fields, scheme, secret) => {
		await provide({ client: { token_endpoint_auth_method: method } }, fields);
		const sent = watchExchange();
		const reply = await signInBy(api, oidc, 'ann');
		expect(reply.status, reply.text).toBe(201);
		expect(reply.body).toMatchObject({ userEmail: ann.email, name: ann.name });
		expect(sent.map(({ scheme, body }) => [scheme, body['client_secret']])).toEqual([[scheme, secret]]);
	});

	it.each([
		['a wrong secret', { clientSecret: 'wrong' }],
		['no secret where one is wanted', { clientSecret: '' }]
	])('returns 500 for %s and signs no one in', async (_, fields) => {
		await provide({}, fields);
		const reply = await signInBy(api, oidc, 'ann');
		expect([reply.status, reply.body]).toEqual([500, failed]);
		expect(await api.prisma.session.count()).toBe(0);
	});

	it('encodes special characters of the secret for Basic as in RFC 6749 §2.3.1', async () => {
		const secret = 'a:b+c%20d/=&~';
		await provide(
			{ client: { client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' } },
			{ clientSecret: secret, tokenEndpointAuthMethod: 'client_secret_basic' }
		);
		expect((await signInBy(api, oidc, 'ann')).status).toBe(201);
	});
});

describe('ID token signing', () => {
	it.each(['RS256', 'ES256'] as const)(
		'returns 201 for tokens signed with %s, and 500 if another algorithm is set',
		async (signedBy) => {
			const client = { id_token_signed_response_alg: signedBy };
			await provide({ client }, { signingAlgorithm: signedBy });
			expect((await signInBy(api, oidc, 'ann')).status).toBe(201);
			await configureOAuth(api, oidc, { signingAlgorithm: signedBy === 'RS256' ? 'ES256' : 'RS256' });
			const reply = await signInBy(api, oidc, 'ann');
			expect([reply.status, reply.body]).toEqual([500, failed]);
		}
	);

	it('returns 500 for HS256, although the secret would match', async () => {
		const configuration: Configuration = { enabledJWA: { idTokenSigningAlgValues: ['RS256', 'HS256'] } };
		const client = { id_token_signed_response_alg: 'HS256' } as const;
		await provide({ configuration, client }, { signingAlgorithm: 'HS256' });
		expect((await signInBy(api, oidc, 'ann')).body).toEqual(failed);
	});
});

describe('without an email in the ID token', () => {
	const signed = { ...byUserInfo, features: { jwtUserinfo: { enabled: true } } };
	it.each<[string, Partial<ClientMetadata>, Record<string, unknown>]>([
		['UserInfo that is signed though it need not be', { userinfo_signed_response_alg: 'RS256' }, {}],
		['UserInfo signed by RS256', { userinfo_signed_response_alg: 'RS256' }, { profileSigningAlgorithm: 'RS256' }],
		['UserInfo signed by ES256', { userinfo_signed_response_alg: 'ES256' }, { profileSigningAlgorithm: 'ES256' }]
	])('returns 201 for %s', async (_, client, fields) => {
		await provide({ configuration: signed, client }, fields);
		const reply = await signInBy(api, oidc, 'ann');
		expect(reply.status, reply.text).toBe(201);
		expect(reply.body).toMatchObject({ userEmail: ann.email, name: ann.name });
	});

	it.each<[string, Partial<ClientMetadata>, Configuration]>([
		['plain where it should be signed', {}, byUserInfo],
		['signed by another algorithm', { userinfo_signed_response_alg: 'ES256' }, signed]
	])('returns 500 if UserInfo is %s', async (_, client, configuration) => {
		await provide({ configuration, client }, { profileSigningAlgorithm: 'RS256' });
		expect((await signInBy(api, oidc, 'ann')).body).toEqual(failed);
	});
});

describe('PKCE', () => {
	it('returns 201 without a challenge if the provider lists its methods without S256', async () => {
		await provide();
		oidc.at('discovery', ({ answer }) => Object.assign(answer, { code_challenge_methods_supported: ['plain'] }));
		const sent = watchExchange();
		const { searchParams } = new URL((await begin(api)).url);
		expect([searchParams.has('code_challenge'), searchParams.has('code_challenge_method')]).toEqual([false, false]);
		expect((await signInBy(api, oidc, 'ann')).status).toBe(201);
		expect(sent.map(({ body }) => body['code_verifier'])).toEqual([undefined]);
	});

	it('returns 201 with a challenge if the provider lists no methods or requires PKCE', async () => {
		await provide({ configuration: { pkce: { required: () => true } } });
		oidc.at('discovery', ({ answer }) => Object.assign(answer, { code_challenge_methods_supported: undefined }));
		const sent = watchExchange();
		expect((await signInBy(api, oidc, 'ann')).status).toBe(201);
		expect(sent[0]?.body['code_verifier']).toBeTypeOf('string');
	});
});

describe('the iss parameter, if the provider announces it', () => {
	it.each([
		['as it is', (url: URL) => expect(url.searchParams.get('iss')).toBe(oidc.issuer), 201],
		['taken away', (url: URL) => url.searchParams.delete('iss'), 500],
		['of another provider', (url: URL) => url.searchParams.set('iss', 'https://other.example.test'), 500]
	])('%s', async (_, change, status) => {
		await provide();
		const { url: came, cookie } = await comeBack(api, oidc, 'ann');
		const url = new URL(came);
		change(url);
		const reply = await api.request('POST', '/api/oauth/callback', { body: { url: url.href }, cookie });
		expect(reply.status).toBe(status);
	});
});

describe('the authorization request', () => {
	it.each([[''], ['login'], ['consent'], ['login consent']])('sends the prompt ‘%s’', async (prompt) => {
		await provide({}, { prompt });
		const { url } = await begin(api);
		expect(new URL(url).searchParams.get('prompt')).toBe(prompt === '' ? null : prompt);
		expect((await signInBy(api, oidc, 'ann')).status).toBe(201);
	});

	it('sends a custom scope and receives its claims', async () => {
		const configuration = { ...byUserInfo, claims: { ...byUserInfo.claims, photos: ['folder'] }, scopes: ['openid'] };
		await provide({ configuration }, { scope: 'openid email photos', storageLabelClaim: 'folder' });
		oidc.claims['ann'] = { ...ann, folder: 'annfolder' };
		expect(new URL((await begin(api)).url).searchParams.get('scope')).toBe('openid email photos');
		expect((await signInBy(api, oidc, 'ann')).body).toMatchObject({ name: ann.email });
		expect(await api.prisma.user.count({ where: { storageLabel: 'annfolder' } })).toBe(1);
	});
});

describe('timeout', () => {
	let release = () => {};
	/** The provider responds only after the server has. */
	const hold = () => new Promise<void>((resolve) => (release = resolve));
	afterEach(() => release());

	it('returns 500 if the discovery document is late', async () => {
		await provide({}, { timeout: 200 });
		oidc.at('discovery', hold);
		const reply = await api.request('POST', '/api/oauth/authorize', { body: { redirectUri } });
		expect(reply.status).toBe(500);
		expect(reply.text).toContain('Error in OAuth discovery: ');
	});

	it.each(['token', 'jwks', 'userinfo'])('returns 500 if the response from %s is late', async (route) => {
		await provide({ configuration: byUserInfo }, { timeout: 200 });
		const { url, cookie } = await comeBack(api, oidc, 'ann');
		oidc.at(route, hold);
		const reply = await api.request('POST', '/api/oauth/callback', { body: { url }, cookie });
		expect([reply.status, reply.body]).toEqual([500, failed]);
	});
});
