import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { oauthProviderDefaults } from '#lib/contract/settings/document/oauth-providers.ts';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { useApi } from '#tests/support/api.ts';
import { HostileProvider, sendJson, type Lies } from '#tests/support/hostile-provider.ts';
import { begin, configureOAuth } from '#tests/support/oauth.ts';
import { clientId, clientSecret } from '#tests/support/oidc.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
/** One host with two providers' documents: `immich` at its root or the path set by a test, `club` at /club. */
let host: HostileProvider;
let token = '';
const document = '/.well-known/openid-configuration';
const claimed =
	'The provider announces the issuer of another provider. If that is intended, enter it as the expected issuer.';

beforeEach(async () => {
	await api.reset();
	host = await HostileProvider.start();
	host.person = { sub: 'ann', email: 'ann@example.test', email_verified: true };
	({ token } = await api.accounts.signInAdmin());
	return () => host.close();
});

const announce = (issuer: string): Lies => ({
	metadata: () => ({ issuer }),
	claims: { iss: issuer },
	back: { iss: issuer }
});
const saveClub = (fields: object) => {
	const { oauth } = immichAuthConfigDefaults;
	const club = {
		...oauthProviderDefaults,
		enabled: true,
		clientId,
		clientSecret,
		allowInsecureRequests: true,
		...fields
	};
	const body = { ...immichAuthConfigDefaults, oauth: { ...oauth, providers: { club } } };
	return api.request('PUT', '/api/admin/auth-config', { token, body });
};
const signInAtClub = async () => {
	const { url, cookie } = await begin(api, { providerId: 'club' });
	return api.request('POST', '/api/oauth/callback', { body: { url: host.comeBack(url) }, cookie });
};
const logOutByClub = async (issuer: string) => {
	const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
	const iat = Math.floor(Date.now() / 1_000);
	const claims = { iss: issuer, aud: clientId, sub: 'ann', jti: randomUUID(), iat, events };
	const form = { logout_token: await host.signer.sign(claims, 'logout+jwt') };
	return (await api.request('POST', '/api/oauth/backchannel-logout', { form })).status;
};
const refused = async () => {
	const reply = await signInAtClub();
	expect([reply.status, reply.body]).toEqual([500, message('Failed to finish oauth')]);
	expect(await api.prisma.oAuthIdentity.count({ where: { providerId: 'club' } })).toBe(0);
};

describe('a provider whose document announces another provider’s issuer on the same host', () => {
	it.each([
		['by its issuer URL', '', {}],
		['by the address of its document', document, {}],
		['turned off', '', { enabled: false }]
	])('is not saved while the other is configured %s', async (_, path, fields) => {
		await configureOAuth(api, { issuer: `${host.issuer}/home${path}` });
		if ('enabled' in fields) {
			const where = { key: 'system-config' };
			await api.prisma.systemMetadata.update({
				where,
				data: { value: { oauth: { issuerUrl: `${host.issuer}/home`, enabled: false } } }
			});
		}
		host.lies = announce(`${host.issuer}/home`);
		const reply = await saveClub({ issuerUrl: `${host.issuer}/club${document}` });
		expect([reply.status, reply.body]).toEqual([400, message(`oauth.providers.club.issuerUrl: ${claimed}`)]);
		expect(await api.prisma.auditEvent.count({ where: { action: 'settings.update' } })).toBe(0);
	});

	it('is saved if its own settings name that issuer', async () => {
		await configureOAuth(api, { issuer: `${host.issuer}/home` });
		host.lies = announce(`${host.issuer}/home`);
		const fields = { issuerUrl: `${host.issuer}/club${document}`, expectedIssuer: `${host.issuer}/home` };
		expect((await saveClub(fields)).status).toBe(200);
		expect((await signInAtClub()).status).toBe(201);
	});

	it('is saved if the announced issuer is unclaimed or the document cannot be read', async () => {
		await configureOAuth(api, { issuer: `${host.issuer}/home` });
		host.lies = announce(`${host.issuer}/realm`);
		expect((await saveClub({ issuerUrl: `${host.issuer}/club${document}` })).status).toBe(200);
		expect((await signInAtClub()).status).toBe(201);
		host.lies = { answers: { discovery: (response) => sendJson(response, {}, 503) } };
		expect((await saveClub({ issuerUrl: `${host.issuer}/other${document}` })).status).toBe(200);
	});

	it('is saved if both documents announce the same template of issuers', async () => {
		await configureOAuth(api, { issuer: `${host.issuer}/home${document}` });
		host.lies = announce(`${host.issuer}/{tenantid}`);
		expect((await saveClub({ issuerUrl: `${host.issuer}/club${document}` })).status).toBe(200);
	});

	it('signs no one in once it has been saved', async () => {
		await configureOAuth(api, { issuer: `${host.issuer}/home` });
		host.lies = announce(`${host.issuer}/club`);
		expect((await saveClub({ issuerUrl: `${host.issuer}/club${document}` })).status).toBe(200);
		// It changes its document later; saving the settings again rereads it.
		host.lies = announce(`${host.issuer}/home`);
		expect((await saveClub({ issuerUrl: `${host.issuer}/club${document}`, buttonText: 'Club' })).status).toBe(200);
		await refused();
	});

	it('signs no one in to users linked by that issuer at another provider', async () => {
		const { id } = await api.accounts.makeUser();
		const issuer = `${host.issuer}/realm`;
		host.lies = announce(issuer);
		expect((await saveClub({ issuerUrl: `${host.issuer}/club${document}` })).status).toBe(200);
		await api.prisma.oAuthIdentity.create({ data: { userId: id, providerId: 'gone', issuer, subject: 'ann' } });
		await refused();
	});

	it('ends no session of users linked by that issuer at another provider', async () => {
		const issuer = `${host.issuer}/realm`;
		host.lies = announce(issuer);
		expect((await saveClub({ issuerUrl: `${host.issuer}/club${document}` })).status).toBe(200);
		const { accessToken } = LoginResponseDto.parse((await signInAtClub()).body);
		const isSignedIn = async () => (await api.request('GET', '/api/users/me', { token: accessToken })).status === 200;
		await api.prisma.oAuthIdentity.updateMany({ data: { providerId: 'gone' } });
		expect([await logOutByClub(issuer), await isSignedIn()]).toEqual([400, true]);
		await api.prisma.oAuthIdentity.updateMany({ data: { providerId: 'club' } });
		expect([await logOutByClub(issuer), await isSignedIn()]).toEqual([200, false]);
	});

	it('signs no one in alongside another whose document announces the same issuer', async () => {
		await configureOAuth(api, { issuer: `${host.issuer}/home${document}` });
		host.lies = announce(`${host.issuer}/club`);
		expect((await saveClub({ issuerUrl: `${host.issuer}/club${document}` })).status).toBe(200);
		host.lies = announce(`${host.issuer}/realm`);
		expect((await saveClub({ issuerUrl: `${host.issuer}/club${document}`, buttonText: 'Club' })).status).toBe(200);
		await refused();
	});

	it('cannot use another provider’s tenant through a multi-tenant document', async () => {
		await configureOAuth(api, { issuer: `${host.issuer}/home` });
		const tenants = announce(`${host.issuer}/{tenantid}`);
		host.lies = {
			...tenants,
			claims: { iss: `${host.issuer}/home`, tid: 'home' },
			back: { iss: `${host.issuer}/home` }
		};
		expect((await saveClub({ issuerUrl: `${host.issuer}/club` })).status).toBe(200);
		await refused();
		host.lies = { ...tenants, claims: { iss: `${host.issuer}/x`, tid: 'x' }, back: { iss: `${host.issuer}/x` } };
		expect((await signInAtClub()).status).toBe(201);
	});
});

it('reads no document for an API key without `all`', async () => {
	const { id } = await api.accounts.makeAdmin();
	const apiKey = await api.accounts.makeApiKey(id, ['adminConfig.update']);
	await configureOAuth(api, { issuer: `${host.issuer}/home` });
	const { oauth } = immichAuthConfigDefaults;
	const club = { ...oauthProviderDefaults, issuerUrl: `${host.issuer}/club${document}`, allowInsecureRequests: true };
	const body = { ...immichAuthConfigDefaults, oauth: { ...oauth, providers: { club } } };
	expect((await api.request('PUT', '/api/admin/auth-config', { apiKey, body })).status).toBe(403);
	expect(host.asked.discovery).toBe(0);
});
