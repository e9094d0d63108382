import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { oauthProviderDefaults } from '#lib/contract/settings/document/oauth-providers.ts';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { useApi } from '#tests/support/api.ts';
import { HostileProvider, type Lies } from '#tests/support/hostile-provider.ts';
import { expectRefused, signInAtLiar } from '#tests/support/hostile-sign-in.ts';
import { begin, configureOAuth } from '#tests/support/oauth.ts';
import { clientId, clientSecret } from '#tests/support/oidc.ts';

const api = useApi();
let provider: HostileProvider;
let token = '';
const tenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';

beforeEach(async () => {
	await api.reset();
	provider = await HostileProvider.start();
	provider.person = { sub: 'ann', email: 'ann@example.test', email_verified: true };
	({ token } = await api.accounts.signInAdmin());
	return () => provider.close();
});

const setTrust = async (first: object) => {
	const oauth = { ...immichAuthConfigDefaults.oauth, first: { ...immichAuthConfigDefaults.oauth.first, ...first } };
	const reply = await api.request('PUT', '/api/admin/auth-config', {
		token,
		body: { ...immichAuthConfigDefaults, oauth }
	});
	expect(reply.status, reply.text).toBe(200);
};
const identities = () => api.prisma.oAuthIdentity.findMany({ select: { issuer: true, subject: true } });

describe('a multi-tenant document such as Microsoft Entra ID’s', () => {
	const getIssuer = (tenant: string) => `${provider.issuer}/${tenant}/v2.0`;
	/** The provider's responses as a tenant. */
	const tenant = (claims: object, back: Lies['back'] = { iss: undefined }): Lies => ({
		metadata: () => ({ issuer: getIssuer('{tenantid}'), authorization_response_iss_parameter_supported: undefined }),
		back,
		claims: { iss: getIssuer(tenantId), tid: tenantId, ...claims }
	});
	const configure = async (path = '/common/v2.0') => {
		provider.lies = tenant({});
		await configureOAuth(api, { issuer: `${provider.issuer}${path}` });
	};

	it.each(['/common/v2.0', '/organizations/v2.0/', '/common/v2.0/.well-known/openid-configuration'])(
		'signs in at %s and keeps the tenant’s own issuer',
		async (path) => {
			await configure(path);
			const reply = await signInAtLiar(api, provider, tenant({}));
			expect(reply.status, reply.text).toBe(201);
			expect(await identities()).toEqual([{ issuer: getIssuer(tenantId), subject: 'ann' }]);
		}
	);

	it('separates the same subject of two tenants', async () => {
		await configure();
		await signInAtLiar(api, provider, tenant({}));
		const other = { iss: getIssuer('other'), tid: 'other', email: 'other@example.test' };
		expect((await signInAtLiar(api, provider, tenant(other))).status).toBe(201);
		expect(await api.prisma.oAuthIdentity.count()).toBe(2);
	});

	it.each<[string, object, Lies['back']]>([
		['of another tenant', { tid: 'other' }, { iss: undefined }],
		['of no tenant', { tid: undefined }, { iss: undefined }],
		['of a tenant that is a number', { tid: 5 }, { iss: undefined }],
		['of a tenant with a slash', { tid: 'a/b' }, { iss: undefined }],
		['of another issuer', { iss: 'https://evil.example' }, { iss: undefined }],
		['of the template itself', { iss: '{tenantid}', tid: '{tenantid}' }, { iss: undefined }],
		['beside the issuer of another tenant', {}, { iss: 'https://evil.example' }]
	])('refuses an ID token %s', async (_, claims, back) => {
		await configure();
		await expectRefused(api, provider, () => signInAtLiar(api, provider, tenant(claims, back)), { reason: /iss/ });
	});

	it('compares the issuer returned with the code to the token’s issuer', async () => {
		await configure();
		const reply = await signInAtLiar(api, provider, tenant({}, { iss: getIssuer(tenantId) }));
		expect(reply.status).toBe(201);
		const tries = () => signInAtLiar(api, provider, tenant({}, { iss: getIssuer('other') }));
		await expectRefused(api, provider, tries, { reason: /iss/ });
	});

	it('admits a single tenant if its issuer is the expected one', async () => {
		await configure();
		await setTrust({ expectedIssuer: getIssuer(tenantId) });
		expect((await signInAtLiar(api, provider, tenant({}))).status).toBe(201);
		const other = { iss: getIssuer('other'), tid: 'other' };
		await expectRefused(api, provider, () => signInAtLiar(api, provider, tenant(other)), { reason: /iss/ });
	});
});

describe('an issuer on another host', () => {
	const issuer = 'https://id.example.test/realms/home';
	const elsewhere = (more: Lies = {}): Lies => ({
		metadata: () => ({ issuer }),
		claims: { iss: issuer },
		back: { iss: issuer },
		...more
	});
	const document = () => ({ issuer: `${provider.issuer}/.well-known/openid-configuration` });
	const refused = (reason: RegExp, says = /^Failed to finish oauth$/) =>
		expectRefused(api, provider, () => signInAtLiar(api, provider, elsewhere()), { says, reason });

	beforeEach(() => {
		provider.lies = elsewhere();
	});

	it('works if the document’s full address is configured', async () => {
		await configureOAuth(api, document());
		expect((await signInAtLiar(api, provider, elsewhere())).status).toBe(201);
		expect(await identities()).toEqual([{ issuer, subject: 'ann' }]);
	});

	it('works at the base address only if it is the expected issuer', async () => {
		await configureOAuth(api, provider);
		await expect(begin(api)).rejects.toThrow(/issuer does not match the expected issuer/);
		await setTrust({ expectedIssuer: issuer });
		expect((await signInAtLiar(api, provider, elsewhere())).status).toBe(201);
		for (const expectedIssuer of [`${issuer}/`, 'https://id.example.test', provider.issuer]) {
			await setTrust({ expectedIssuer });
			await expect(begin(api)).rejects.toThrow(/issuer does not match the expected issuer/);
		}
	});

	it('is refused if it belongs to another configured provider, enabled or not', async () => {
		await configureOAuth(api, document());
		const club = { ...oauthProviderDefaults, issuerUrl: 'https://id.example.test/realms/other' };
		const oauth = { ...immichAuthConfigDefaults.oauth, providers: { club } };
		const body = { ...immichAuthConfigDefaults, oauth };
		expect((await api.request('PUT', '/api/admin/auth-config', { token, body })).status).toBe(200);
		await refused(/belongs to another provider/);
	});

	it('is refused if it linked users at another provider, unless it is expected', async () => {
		await configureOAuth(api, document());
		const { id } = await api.accounts.makeUser();
		await api.prisma.oAuthIdentity.create({ data: { userId: id, providerId: 'gone', issuer, subject: 'ann' } });
		await refused(/belongs to another provider/);
		await setTrust({ expectedIssuer: issuer });
		expect((await signInAtLiar(api, provider, elsewhere())).body).toMatchObject({ userId: id });
	});

	it.each(['nonsense', 'id.example.test', 'ftp://id.example.test', ' https://id.example.test'])(
		'cannot be expected as ‘%s’',
		async (expectedIssuer) => {
			const { first } = immichAuthConfigDefaults.oauth;
			const oauth = { ...immichAuthConfigDefaults.oauth, first: { ...first, expectedIssuer } };
			const sent = { token, body: { ...immichAuthConfigDefaults, oauth } };
			expect((await api.request('PUT', '/api/admin/auth-config', sent)).status).toBe(400);
		}
	);
});

describe('the discovery document', () => {
	afterEach(() => {
		provider.lies = {};
	});

	it('is read again after each save, even of the same settings', async () => {
		const oauth = {
			...systemConfigDefaults.oauth,
			enabled: true,
			issuerUrl: provider.issuer,
			clientId,
			clientSecret,
			allowInsecureRequests: true
		};
		const save = () => api.request('PUT', '/api/admin/config', { token, body: { ...systemConfigDefaults, oauth } });
		expect((await save()).status).toBe(200);
		await begin(api);
		await begin(api);
		expect(provider.asked.discovery).toBe(1);
		expect((await save()).status).toBe(200);
		provider.lies = { metadata: (own) => ({ authorization_endpoint: `${own}/authorize/moved` }) };
		expect((await begin(api)).url).toContain('/authorize/moved?');
		expect(provider.asked.discovery).toBe(2);
	});
});
