import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { useApi } from '#tests/support/api.ts';
import { begin, comeBack, configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { Oidc } from '#tests/support/oidc.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
let oidc: Oidc;
const refused = message('OAuth authentication failed');
const failed = message('Failed to finish oauth');

beforeAll(async () => {
	oidc = await Oidc.start({ redirectUris: [redirectUri] });
});
afterAll(() => oidc.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, oidc);
	await api.accounts.makeAdmin();
});

const knowing = (subject: string, claims: Record<string, unknown>) => {
	oidc.claims[subject] = claims;
	return subject;
};

describe('POST /oauth/authorize', () => {
	it('returns 201 with the provider’s address and binds the browser', async () => {
		const { url, reply } = await begin(api);
		const { origin, searchParams } = new URL(url);
		expect(origin).toBe(oidc.issuer);
		expect(Object.fromEntries(searchParams)).toMatchObject({
			client_id: 'photos',
			response_type: 'code',
			redirect_uri: redirectUri,
			scope: 'openid email profile',
			code_challenge_method: 'S256'
		});
		expect(searchParams.get('nonce')).toBeTruthy();
		for (const name of ['immich_oauth_state', 'immich_oauth_code_verifier']) {
			const cookie = reply.cookies.find((header) => header.startsWith(`${name}=`));
			expect(cookie).toContain('HttpOnly');
			expect(cookie).toContain('SameSite=Lax');
		}
	});

	it('gives each flow its own nonce, state, and code challenge', async () => {
		const flows = await Promise.all([begin(api), begin(api), begin(api)]);
		for (const name of ['nonce', 'state', 'code_challenge']) {
			const values = flows.map(({ url }) => new URL(url).searchParams.get(name) ?? '');
			expect(new Set(values).size, name).toBe(3);
			for (const value of values) expect(value.length, name).toBeGreaterThanOrEqual(43);
		}
	});

	it('returns 201 with the client’s own state and challenge and no verifier', async () => {
		const { url, reply } = await begin(api, { state: 'mine', codeChallenge: 'challenge' });
		expect(new URL(url).searchParams.get('state')).toBe('mine');
		expect(new URL(url).searchParams.get('code_challenge')).toBe('challenge');
		expect(reply.cookies.some((header) => header.startsWith('immich_oauth_code_verifier='))).toBe(false);
	});

	it('returns 400 if OAuth is off and for an unknown provider', async () => {
		for (const [fields, body] of [
			[{ enabled: false }, {}],
			[{}, { providerId: 'other' }]
		] as const) {
			await configureOAuth(api, oidc, fields);
			const reply = await api.request('POST', '/api/oauth/authorize', { body: { redirectUri, ...body } });
			expect([reply.status, reply.body]).toEqual([400, message('OAuth is not enabled')]);
		}
	});

	it('returns 400 for wrong types', async () => {
		for (const body of [{}, { redirectUri: 5 }, { redirectUri, state: [] }, { redirectUri: 'nowhere' }])
			expect((await api.request('POST', '/api/oauth/authorize', { body })).status).toBe(400);
	});

	it('returns 500 if the provider does not respond', async () => {
		await configureOAuth(api, { issuer: 'http://127.0.0.1:1' });
		const reply = await api.request('POST', '/api/oauth/authorize', { body: { redirectUri } });
		expect(reply.status).toBe(500);
		expect(reply.text).toContain('Error in OAuth discovery: ');
	});
});

describe('POST /oauth/callback', () => {
	it('returns 201 and registers a new user from the provider’s claims', async () => {
		const subject = knowing('ann', {
			email: 'Ann@Example.test',
			email_verified: true,
			name: 'Ann',
			preferred_username: 'an.n',
			immich_quota: 2
		});
		const reply = await signInBy(api, oidc, subject);
		expect(reply.status).toBe(201);
		const login = LoginResponseDto.parse(reply.body);
		expect(login).toMatchObject({
			userEmail: 'ann@example.test',
			name: 'Ann',
			isAdmin: false,
			shouldChangePassword: false
		});
		expect(reply.cookies.map((header) => header.split(';')[0])).toEqual([
			`immich_access_token=${login.accessToken}`,
			'immich_auth_type=oauth',
			'immich_is_authenticated=true',
			'immich_oauth_state=',
			'immich_oauth_code_verifier='
		]);
		expect(await api.accounts.findUser(login.userId)).toMatchObject({
			oauthId: 'ann',
			password: null,
			storageLabel: 'ann',
			quotaSizeInBytes: 2n * 1024n ** 3n
		});
		expect((await api.request('GET', '/api/users/me', { token: login.accessToken })).status).toBe(200);
	});

	it('returns 201 for the same user again without creating a second one', async () => {
		const subject = knowing('bob', { email: 'bob@example.test', email_verified: true });
		const first = LoginResponseDto.parse((await signInBy(api, oidc, subject)).body);
		knowing('bob', { email: 'robert@example.test', email_verified: true });
		const second = LoginResponseDto.parse((await signInBy(api, oidc, subject)).body);
		expect(second.userId).toBe(first.userId);
	});

	it('returns 201 with the client’s own verifier', async () => {
		const subject = knowing('cleo', { email: 'cleo@example.test', email_verified: true });
		const codeVerifier = 'a-verifier-of-at-least-forty-three-characters-long';
		const { createHash } = await import('node:crypto');
		const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
		const { url } = await comeBack(api, oidc, subject, { state: 'mine', codeChallenge });
		const reply = await api.request('POST', '/api/oauth/callback', { body: { url, state: 'mine', codeVerifier } });
		expect(reply.status).toBe(201);
	});

	it('returns 400 without a state or verifier', async () => {
		const body = { url: `${redirectUri}?code=a&state=b` };
		const reply = await api.request('POST', '/api/oauth/callback', { body });
		expect([reply.status, reply.body]).toEqual([400, message('OAuth state is missing')]);
		const other = await api.request('POST', '/api/oauth/callback', { body: { ...body, state: 'b' } });
		expect([other.status, other.body]).toEqual([400, message('OAuth code verifier is missing')]);
	});

	it('returns 500 for a response that is used twice', async () => {
		const subject = knowing('dora', { email: 'dora@example.test', email_verified: true });
		const { url, cookie } = await comeBack(api, oidc, subject);
		expect((await api.request('POST', '/api/oauth/callback', { body: { url }, cookie })).status).toBe(201);
		const again = await api.request('POST', '/api/oauth/callback', { body: { url }, cookie });
		expect([again.status, again.body]).toEqual([500, failed]);
	});

	it('returns 500 for a response in another browser', async () => {
		const subject = knowing('eve', { email: 'eve@example.test', email_verified: true });
		const { url } = await comeBack(api, oidc, subject);
		const other = await begin(api);
		const reply = await api.request('POST', '/api/oauth/callback', { body: { url }, cookie: other.cookie });
		expect([reply.status, reply.body]).toEqual([500, failed]);
	});

	it('returns 400 for a new user if registration is off', async () => {
		await configureOAuth(api, oidc, { autoRegister: false });
		const subject = knowing('fay', { email: 'fay@example.test', email_verified: true });
		const reply = await signInBy(api, oidc, subject);
		expect([reply.status, reply.body]).toEqual([400, refused]);
	});

	it('returns 400 without an email', async () => {
		const reply = await signInBy(api, oidc, knowing('gus', {}));
		expect([reply.status, reply.body]).toEqual([400, message('OAuth profile does not have an email address')]);
	});
});

describe('linking by email', () => {
	it('returns 201 for a user without a password whose email is verified', async () => {
		const user = await api.accounts.makeUser({ password: null, email: 'hal@example.test' });
		const reply = await signInBy(api, oidc, knowing('hal', { email: 'HAL@example.test', email_verified: true }));
		expect(reply.body).toMatchObject({ userId: user.id });
		expect(await api.accounts.findUser(user.id)).toMatchObject({ oauthId: 'hal' });
	});

	it.each([
		['not verified', { password: null }, { email_verified: false }],
		['verified as other text', { password: null }, { email_verified: 'yes' }],
		['of an account with a password', {}, { email_verified: true }],
		['of an administrator', { password: null, isAdmin: true }, { email_verified: true }],
		['of a deleted account', { password: null, deletedAt: new Date() }, { email_verified: true }],
		['of an account linked elsewhere', { password: null, oauthId: 'other' }, { email_verified: true }]
	])('returns 400 if the email is %s', async (_, fields, claims) => {
		const user = await api.accounts.makeUser({ email: 'ida@example.test', ...fields });
		const reply = await signInBy(api, oidc, knowing('ida', { email: 'ida@example.test', ...claims }));
		expect([reply.status, reply.body]).toEqual([400, refused]);
		expect(await api.accounts.countSessions(user.id)).toBe(0);
		expect(await api.prisma.oAuthIdentity.count()).toBe(0);
	});

	it('takes over a user that Immich linked', async () => {
		const user = await api.accounts.makeUser({ oauthId: 'joe', email: 'old@example.test' });
		const reply = await signInBy(api, oidc, knowing('joe', { email: 'new@example.test', email_verified: true }));
		expect(reply.body).toMatchObject({ userId: user.id });
	});

	it('returns 400 for a deleted user who was linked', async () => {
		const subject = knowing('kim', { email: 'kim@example.test', email_verified: true });
		const { userId } = LoginResponseDto.parse((await signInBy(api, oidc, subject)).body);
		await api.prisma.user.update({ where: { id: userId }, data: { deletedAt: new Date(), status: 'deleted' } });
		expect((await signInBy(api, oidc, subject)).body).toEqual(refused);
	});
});
