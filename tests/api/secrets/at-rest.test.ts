import { createHash, randomUUID } from 'node:crypto';
import { SignJWT, decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { oauthProviderDefaults } from '#lib/contract/settings/document/oauth-providers.ts';
import { secretMask } from '#lib/contract/settings/document/secrets.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import { password } from '#tests/support/accounts.ts';
import { useApi, type Api } from '#tests/support/api.ts';
import { dumpDatabase } from '#tests/support/dump.ts';
import { readSessionSecret, storedSettings, testVault } from '#tests/support/vault.ts';
import { Oidc } from '#tests/support/oidc.ts';
import { begin, configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';

const secrets = { smtp: 'secret of the mail server', first: 'secret of the first', other: 'secret of the other' };
const smtp = systemConfigDefaults.notifications.smtp;
const systemConfig = {
	...systemConfigDefaults,
	oauth: { ...systemConfigDefaults.oauth, clientSecret: secrets.first },
	notifications: { smtp: { ...smtp, transport: { ...smtp.transport, password: secrets.smtp } } }
};
const immichAuthConfig = {
	...immichAuthConfigDefaults,
	oauth: {
		...immichAuthConfigDefaults.oauth,
		providers: { club: { ...oauthProviderDefaults, clientSecret: secrets.other } }
	}
};
const inClear = {
	oauth: { clientSecret: secrets.first },
	notifications: { smtp: { transport: { password: secrets.smtp } } }
};
const oursInClear = { oauth: { providers: { club: { clientSecret: secrets.other } } } };
const mode = '/api/admin/maintenance';

const rawSystem = async (api: Api) =>
	JSON.stringify((await api.prisma.systemMetadata.findUnique({ where: { key: 'system-config' } }))?.value);
const rawOurs = async (api: Api) =>
	JSON.stringify((await api.prisma.setting.findUnique({ where: { key: 'immich-auth' } }))?.value);

/** Every hex and text form in which a secret might be found. */
const listForms = (secret: string | Uint8Array) => {
	const bytes = Buffer.from(secret);
	return [
		bytes.toString('hex'),
		bytes.toString('base64').replace(/=+$/, ''),
		bytes.toString('base64url'),
		bytes.toString()
	];
};

describe('a copy of the database', () => {
	const api = useApi();

	it('contains no secret from the settings', async () => {
		const { token } = await api.accounts.signInAdmin();
		expect((await api.request('PUT', '/api/admin/config', { token, body: systemConfig })).status).toBe(200);
		expect((await api.request('PUT', '/api/admin/auth-config', { token, body: immichAuthConfig })).status).toBe(200);
		expect(await storedSettings(api.prisma)).toMatchObject({ system: inClear, immichAuth: oursInClear });
		const dump = await dumpDatabase(api.pool);
		for (const secret of Object.values(secrets)) for (const form of listForms(secret)) expect(dump).not.toContain(form);
		const shown = await api.request('GET', '/api/admin/config', { token });
		expect(shown.body).toMatchObject({ oauth: { clientSecret: secretMask } });
	});

	it('contains no token-signing key', async () => {
		await api.accounts.signInAdmin();
		const dump = await dumpDatabase(api.pool);
		for (const form of listForms(await readSessionSecret(api.prisma)).slice(0, 3)) expect(dump).not.toContain(form);
		expect(await api.prisma.signingSecret.count({ where: { isSealed: false } })).toBe(0);
	});

	it('cannot be used to rebuild a token, even with the signing key', async () => {
		const { user, token: adminToken } = await api.accounts.signInAdmin();
		const login = await api.request('POST', '/api/auth/login', { body: { email: user.email, password } });
		const child = await api.request('POST', '/api/sessions', { token: adminToken, body: {} });
		const tokens = [login, child].map(({ body }) => body as { accessToken?: string; token?: string });
		for (const { accessToken, token = accessToken ?? '' } of tokens) {
			const { sid, jti = '', iat = 0, sub } = decodeJwt<{ sid: string }>(token);
			expect(Buffer.from(jti, 'base64url').length).toBeGreaterThanOrEqual(16);
			const dump = await dumpDatabase(api.pool);
			for (const form of [jti, ...listForms(Buffer.from(jti, 'base64url')).slice(0, 3), token])
				expect(dump).not.toContain(form);
			const { token: stored } = await api.prisma.session.findUniqueOrThrow({ where: { id: sid } });
			expect(Buffer.from(stored)).toEqual(createHash('sha256').update(token).digest());
			const rebuilt = await new SignJWT({ sid })
				.setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
				.setSubject(sub ?? '')
				.setIssuedAt(iat)
				.sign(api.accounts.signingSecret);
			expect((await api.request('GET', '/api/users/me', { token: rebuilt })).status).toBe(401);
			expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		}
		expect(new Set(tokens.map(({ accessToken, token = accessToken ?? '' }) => decodeJwt(token).jti)).size).toBe(2);
	});

	it('does not allow signing in to maintenance, announced or started', async () => {
		const { token } = await api.accounts.signInAdmin();
		expect((await api.request('PUT', `${mode}/plan`, { token, body: { startsInMinutes: 60 } })).status).toBe(200);
		const announcedRows = await dumpDatabase(api.pool);
		expect(announcedRows).toMatch(/"secret": "immich-auth:sealed:/);
		expect(announcedRows).not.toMatch(/[^\w-][\da-f]{128}[^\w-]/);
		const begun = await api.request('POST', mode, { token, body: { action: 'start' } });
		expect(begun.status).toBe(201);
		expect(await dumpDatabase(api.pool)).not.toMatch(/[^\w-][\da-f]{128}[^\w-]/);
		const cookie = begun.cookies.find((text) => text.startsWith('immich_maintenance_token='))?.split(';')[0] ?? '';
		expect(
			(
				await api.request('POST', mode, {
					cookie,
					body: { action: 'end' },
					headers: { origin: api.url, host: new URL(api.url).host }
				})
			).status
		).toBe(201);
	});
});

describe('sign-in through a provider', () => {
	const api = useApi();

	it('stores neither nonce nor ID token in plain text, and can read both', async () => {
		const claims = { email: 'ann@example.test', email_verified: true, name: 'Ann' };
		const provider = await Oidc.start({ redirectUris: [redirectUri], claims: { ann: claims } });
		try {
			await api.accounts.makeAdmin();
			await configureOAuth(api, provider);
			const { url } = await begin(api);
			const nonce = new URL(url).searchParams.get('nonce') ?? '';
			expect(nonce.length).toBeGreaterThan(20);
			expect(await api.prisma.oAuthFlow.count()).toBe(1);
			expect(await dumpDatabase(api.pool)).not.toContain(nonce);
			const { status, text } = await signInBy(api, provider, 'ann');
			expect([status, text]).toEqual([201, expect.any(String)]);
			const { oauthBearerToken } = await api.prisma.session.findFirstOrThrow();
			expect(oauthBearerToken).toMatch(/^immich-auth:sealed:/);
			const idToken = testVault.open('session oauthBearerToken', oauthBearerToken ?? '') ?? '';
			expect(decodeJwt(idToken).sub).toBe('ann');
		} finally {
			await provider.close();
		}
	});
});

describe('data from an earlier version', () => {
	const signingSecret = Buffer.alloc(32, 7);
	const ids = { user: '', session: randomUUID() };
	let token = '';
	const api = useApi({
		prepare: async ({ prisma }) => {
			await prisma.signingSecret.create({ data: { id: 'session', secret: signingSecret } });
			await prisma.systemMetadata.create({ data: { key: 'system-config', value: inClear } });
			await prisma.setting.create({ data: { key: 'immich-auth', value: oursInClear } });
			await prisma.setting.create({
				data: { key: 'maintenance', value: { secret: 'a'.repeat(128), message: 'Soon', startsAtMs: Date.now() + 9e8 } }
			});
			const { id: clusterGroupId } = await prisma.clusterGroup.create({ data: {} });
			const data = { email: 'old@example.test', clusterGroupId, isAdmin: true, shouldChangePassword: false };
			ids.user = (await prisma.user.create({ data })).id;
			token = await new SignJWT({ sid: ids.session })
				.setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
				.setSubject(ids.user)
				.setIssuedAt()
				.sign(signingSecret);
			await prisma.session.create({ data: { id: ids.session, userId: ids.user, token: hashSecret(token) } });
		}
	});

	it('is encrypted at startup and stays in effect', async () => {
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		const dump = await dumpDatabase(api.pool);
		for (const secret of [...Object.values(secrets), signingSecret, 'a'.repeat(128)])
			for (const form of listForms(secret).slice(0, 3)) expect(dump).not.toContain(form);
		for (const secret of [...Object.values(secrets), 'a'.repeat(128)]) expect(dump).not.toContain(secret);
		expect(await readSessionSecret(api.prisma)).toEqual(new Uint8Array(signingSecret));
		expect(await storedSettings(api.prisma)).toMatchObject({ system: inClear, immichAuth: oursInClear });
		const planned = await api.request('GET', `${mode}/plan`, { token });
		expect(planned.body).toMatchObject({ state: 'announced', message: 'Soon' });
	});
});

describe('a database shared with Immich', () => {
	const api = useApi({
		prepare: async ({ pool, prisma }) => {
			await pool.query('CREATE TABLE public.kysely_migrations ("name" varchar(255) PRIMARY KEY)');
			await prisma.systemMetadata.create({ data: { key: 'system-config', value: inClear } });
			await prisma.setting.create({ data: { key: 'immich-auth', value: oursInClear } });
		}
	});

	it('keeps Immich’s settings readable for Immich, and only those', async () => {
		expect(await rawSystem(api)).toContain(secrets.smtp);
		expect(await rawOurs(api)).not.toContain(secrets.other);
		const { token } = await api.accounts.signInAdmin();
		await api.request('PUT', '/api/admin/config', { token, body: systemConfig });
		await api.request('PUT', '/api/admin/auth-config', { token, body: immichAuthConfig });
		expect(JSON.parse(await rawSystem(api))).toEqual(inClear);
		expect(await rawOurs(api)).not.toContain(secrets.other);
		expect((await api.request('POST', mode, { token, body: { action: 'start' } })).status).toBe(201);
		// A running Immich that restarts would come up in it.
		expect(await api.prisma.systemMetadata.findUnique({ where: { key: 'maintenance-mode' } })).toBeNull();
		const row = await api.prisma.setting.findUniqueOrThrow({ where: { key: 'maintenance-mode' } });
		expect(row.value).toMatchObject({
			isMaintenanceMode: true,
			secret: expect.not.stringMatching(/^[\da-f]{128}$/) as unknown
		});
	});
});
