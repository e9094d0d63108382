import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { useApi } from '#tests/support/api.ts';
import { HostileProvider, sendJson, type Lies } from '#tests/support/hostile-provider.ts';
import { expectRefused, signInAtLiar } from '#tests/support/hostile-sign-in.ts';
import { configureOAuth } from '#tests/support/oauth.ts';
import { clientId, clientSecret } from '#tests/support/oidc.ts';
import { assemble, makeSigner, signBySecret, type Signer } from '#tests/support/provider-keys.ts';

const api = useApi();
let provider: HostileProvider;
let token = '';
/** Changed settings make the server fetch everything from the provider again. */
let renewed = 0;
const type = 'logout+jwt';
const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };

beforeAll(async () => {
	provider = await HostileProvider.start();
});
afterAll(() => provider.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, provider, { timeout: 1_000 });
	await api.accounts.makeAdmin();
	provider.person = { sub: 'ann', email: 'ann@example.test', email_verified: true };
	token = LoginResponseDto.parse((await signInAtLiar(api, provider, {})).body).accessToken;
});

const buildClaims = (changes: object = {}): JWTPayload => {
	const iat = Math.floor(Date.now() / 1_000);
	return { iss: provider.issuer, aud: clientId, sub: 'ann', jti: randomUUID(), iat, events, ...changes };
};
const send = (logoutToken: string) =>
	api.request('POST', '/api/oauth/backchannel-logout', { form: { logout_token: logoutToken } });
const isSignedIn = async () => (await api.request('GET', '/api/users/me', { token })).status === 200;
const refusedFor = (reason: RegExp) => ({
	status: 400,
	says: /^Error backchannel logout: token validation failed$/,
	reason
});

describe('POST /oauth/backchannel-logout returns 400 and keeps the session for a token', () => {
	it.each([
		['that is not signed', () => assemble({ alg: 'none', typ: type }, buildClaims()), /alg/],
		['signed by the client secret', () => signBySecret(buildClaims(), clientSecret, type), /alg/],
		['signed by the public key', ({ publicText }) => signBySecret(buildClaims(), publicText, type), /alg/],
		['signed by ES256', async () => (await makeSigner('ES256')).sign(buildClaims(), type), /alg/],
		['signed by another key', async () => (await makeSigner()).sign(buildClaims(), type), /key/],
		['meant for a sign-in', ({ sign }) => sign(buildClaims(), 'JWT'), /typ/],
		['for another', ({ sign }) => sign(buildClaims({ aud: 'other' }), type), /aud/],
		['whose event is text', ({ sign }) => sign(buildClaims({ events: 'logout' }), type), /events/],
		['without its events', ({ sign }) => sign(buildClaims({ events: undefined }), type), /events/],
		['of no time', ({ sign }) => sign(buildClaims({ iat: undefined }), type), /iat/],
		['without an id', ({ sign }) => sign(buildClaims({ jti: undefined }), type), /jti/],
		['with a null character in the subject', ({ sign }) => sign(buildClaims({ sub: 'ann\0' }), type), /sub/],
		['of a session without end', ({ sign }) => sign(buildClaims({ sid: 'a'.repeat(5_000) }), type), /sid/],
		['of an issuer with a slash more', ({ sign }) => sign(buildClaims({ iss: `${provider.issuer}/` }), type), /issuer/]
	] satisfies [string, (signer: Signer) => string | Promise<string>, RegExp][])('%s', async (_, make, reason) => {
		const logoutToken = await make(provider.signer);
		provider.secrets.push(logoutToken);
		await expectRefused(api, provider, () => send(logoutToken), refusedFor(reason));
		expect(await isSignedIn()).toBe(true);
	});

	it.each([
		['cannot be had', { keys: (response) => response.destroy() }, /fetch failed/],
		['never come', { keys: () => undefined }, /timeout|timed out|aborted/],
		['lie elsewhere', { keys: (response) => response.writeHead(302, { location: '/' }).end() }, /led elsewhere/],
		['are none', { keys: (response) => sendJson(response, { keys: 'none' }) }, /keys/],
		['are no JSON', { keys: (response) => response.end('{"keys') }, /not well-formed/]
	] satisfies [string, NonNullable<Lies['answers']>, RegExp][])('whose keys %s', async (_, answers, reason) => {
		const logoutToken = await provider.signer.sign(buildClaims(), type);
		provider.lies = { answers };
		await expectRefused(api, provider, () => send(logoutToken), refusedFor(reason));
		expect(await isSignedIn()).toBe(true);
	});

	it.each([
		['for another client', () => ({ aud: 'other' })],
		['that is too old', () => ({ iat: Math.floor(Date.now() / 1_000) - 300 })],
		['of the future', () => ({ iat: Math.floor(Date.now() / 1_000) + 300 })],
		['of an unknown issuer', () => ({ iss: 'https://other.example' })]
	])('%s, without asking the provider for its keys', async (_, changes) => {
		const asked = { ...provider.asked };
		await configureOAuth(api, provider, { timeout: 1_000 + ++renewed });
		expect((await send(await provider.signer.sign(buildClaims(changes()), type))).status).toBe(400);
		expect(provider.asked).toEqual(asked);
		expect(await isSignedIn()).toBe(true);
	});

	it('but accepts a valid one signed with keys that were rotated in the meantime', async () => {
		await provider.rotateKeys();
		provider.lies = {};
		expect((await send(await provider.signer.sign(buildClaims(), type))).status).toBe(200);
		expect(await isSignedIn()).toBe(false);
	});
});
