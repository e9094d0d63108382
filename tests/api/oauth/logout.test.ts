import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { configureOAuth } from '#tests/support/oauth.ts';
import { clientId } from '#tests/support/oidc.ts';
import { toCookieHeader } from '#tests/support/set-cookie.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };
const invalid = message('Error backchannel logout: token validation failed');
let server: Server;
let issuer: string;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
	keys = await generateKeyPair('RS256', { extractable: true });
	const jwk = { ...(await exportJWK(keys.publicKey)), alg: 'RS256', use: 'sig', kid: 'one' };
	server = createServer((request, response) => {
		response.setHeader('content-type', 'application/json');
		const metadata = { issuer, jwks_uri: `${issuer}/keys`, end_session_endpoint: `${issuer}/end` };
		response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : metadata));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	issuer = `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, { issuer });
});

/** Creates a user with a session from the provider. */
async function makeSession(subject: string, sid: string, idToken = 'id-token') {
	const user = await api.accounts.makeUser({ password: null, oauthId: subject });
	await api.prisma.oAuthIdentity.create({ data: { userId: user.id, providerId: 'immich', issuer, subject } });
	const token = await api.accounts.makeSession(user.id, { oauthSid: sid, oauthBearerToken: idToken });
	const { id: sessionId } = await api.prisma.session.findFirstOrThrow({ where: { userId: user.id } });
	await api.prisma.oAuthSession.create({ data: { sessionId, providerId: 'immich', issuer, subject } });
	return { user, token };
}

const buildToken = (claims: JWTPayload, header: { typ?: string; key?: CryptoKey } = {}) =>
	new SignJWT({ iss: issuer, aud: clientId, jti: randomUUID(), events: event, ...claims })
		.setProtectedHeader({ alg: 'RS256', kid: 'one', typ: header.typ ?? 'logout+jwt' })
		.setIssuedAt(claims.iat)
		.sign(header.key ?? keys.privateKey);

const send = (token: string) => api.request('POST', '/api/oauth/backchannel-logout', { form: { logout_token: token } });
const isSignedIn = async (token: string) => (await api.request('GET', '/api/users/me', { token })).status === 200;

describe('POST /oauth/backchannel-logout', () => {
	it('returns 200 with no content and ends only the user’s sessions from the provider', async () => {
		const [ann, bob] = [await makeSession('ann', 'a'), await makeSession('bob', 'b')];
		const byPassword = await api.accounts.makeSession(ann.user.id);
		const reply = await send(await buildToken({ sub: 'ann' }));
		expect([reply.status, reply.text, reply.headers['cache-control']]).toEqual([200, '', 'no-store']);
		expect([await isSignedIn(ann.token), await isSignedIn(byPassword)]).toEqual([false, true]);
		expect(await isSignedIn(bob.token)).toBe(true);
	});

	it('returns 200 and ends one session by sid, and none if sid and sub do not match', async () => {
		const [ann, bob] = [await makeSession('ann', 'a'), await makeSession('bob', 'b')];
		expect((await send(await buildToken({ sub: 'bob', sid: 'a' }))).status).toBe(200);
		expect([await isSignedIn(ann.token), await isSignedIn(bob.token)]).toEqual([true, true]);
		expect((await send(await buildToken({ sid: 'a' }))).status).toBe(200);
		expect([await isSignedIn(ann.token), await isSignedIn(bob.token)]).toEqual([false, true]);
	});

	it.each([
		['of another issuer', () => buildToken({ sub: 'ann', iss: 'https://evil.example' })],
		['for another audience', () => buildToken({ sub: 'ann', aud: 'other' })],
		['of another type', () => buildToken({ sub: 'ann' }, { typ: 'JWT' })],
		['without the event', () => buildToken({ sub: 'ann', events: {} })],
		['with a nonce', () => buildToken({ sub: 'ann', nonce: 'n' })],
		['without an id', () => buildToken({ sub: 'ann', jti: '' })],
		['that is too old', () => buildToken({ sub: 'ann', iat: Math.floor(Date.now() / 1_000) - 300 })],
		['of the future', () => buildToken({ sub: 'ann', iat: Math.floor(Date.now() / 1_000) + 300 })],
		['signed by another', async () => buildToken({ sub: 'ann' }, { key: (await generateKeyPair('RS256')).privateKey })]
	])('returns 400 for a token %s', async (_, make) => {
		const ann = await makeSession('ann', 'a');
		const reply = await send(await make());
		expect([reply.status, reply.body]).toEqual([400, invalid]);
		expect(await isSignedIn(ann.token)).toBe(true);
	});

	it('returns 400 for a token that is used twice', async () => {
		const token = await buildToken({ sub: 'ann' });
		expect((await send(token)).status).toBe(200);
		expect((await send(token)).body).toEqual(invalid);
	});

	it('returns 400 without sub and sid, for an invalid or missing token, and when OAuth is off', async () => {
		const unnamed = await send(await buildToken({}));
		expect(unnamed.body).toEqual(message('Invalid logout token: it must contain either a sub or a sid claim'));
		for (const text of ['nonsense', '', 'a.b.c', 'e30.e30.', '....']) expect((await send(text)).body).toEqual(invalid);
		expect((await api.request('POST', '/api/oauth/backchannel-logout', { form: {} })).status).toBe(400);
		await configureOAuth(api, { issuer }, { enabled: false });
		const off = await send(await buildToken({ sub: 'ann' }));
		expect(off.body).toEqual(message('Received backchannel logout request but OAuth is not enabled'));
	});
});

describe('POST /auth/logout of a session from a provider', () => {
	it('redirects to the provider with an id_token_hint', async () => {
		const { token } = await makeSession('ann', 'a');
		const cookie = `immich_access_token=${token}; immich_auth_type=oauth`;
		const { body } = await api.request('POST', '/api/auth/logout', { cookie });
		expect(body).toEqual({ successful: true, redirectUri: `${issuer}/end?id_token_hint=id-token` });
		expect(await isSignedIn(token)).toBe(false);
	});

	it.each([
		[1_000, true],
		[2_000, false]
	])('keeps the form’s headers within limits: a hint of %i characters is sent: %s', async (length, isNamed) => {
		await api.accounts.makeAdmin();
		const idToken = 'x'.repeat(length);
		const { token } = await makeSession('ann', 'a', idToken);
		const reply = await api.submit('/auth/logout', {}, `immich_access_token=${token}; immich_auth_type=oauth`);
		expect([reply.status, reply.headers.location]).toEqual([303, '/auth/signed-out']);
		expect(reply.cookies.join('\n').length).toBeLessThan(4_096);
		const { text } = await api.request('GET', '/auth/signed-out', {
			cookie: toCookieHeader(reply.cookies),
			headers: { accept: 'text/html' }
		});
		expect(text).toContain(`${issuer}/end`);
		expect(text.includes('id_token_hint')).toBe(isNamed);
	});
});

describe('GET /oauth/mobile-redirect', () => {
	it('returns 307 to the app with the provider’s response', async () => {
		const reply = await api.request('GET', '/api/oauth/mobile-redirect?code=a%2Bb&state=c');
		expect([reply.status, reply.headers.location]).toEqual([307, 'app.immich:///oauth-callback?code=a%2Bb&state=c']);
		const bare = await api.request('GET', '/api/oauth/mobile-redirect');
		expect(bare.headers.location).toBe('app.immich:///oauth-callback?');
	});
});
