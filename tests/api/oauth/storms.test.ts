import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { useApi } from '#tests/support/api.ts';
import { HostileProvider, sendJson } from '#tests/support/hostile-provider.ts';
import { signInAtLiar } from '#tests/support/hostile-sign-in.ts';
import { begin, configureOAuth, redirectUri } from '#tests/support/oauth.ts';
import { clientId } from '#tests/support/oidc.ts';
import { assemble, makeSigner } from '#tests/support/provider-keys.ts';

const api = useApi();
const times = 20;
const type = 'logout+jwt';
const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
let provider: HostileProvider;

beforeEach(async () => {
	await api.reset();
	provider = await HostileProvider.start();
	provider.person = { sub: 'ann', email: 'ann@example.test', email_verified: true };
	await configureOAuth(api, provider);
	await api.accounts.makeAdmin();
});
afterEach(() => provider.close());

const buildClaims = (changes: object = {}): JWTPayload => {
	const iat = Math.floor(Date.now() / 1_000);
	return { iss: provider.issuer, aud: clientId, sub: 'ann', jti: randomUUID(), iat, events, ...changes };
};
const send = async (token: string | Promise<string>) =>
	(await api.request('POST', '/api/oauth/backchannel-logout', { form: { logout_token: await token } })).status;
const sendAll = async (make: () => string | Promise<string>) => {
	const statuses: number[] = [];
	for (let sent = 0; sent < times; sent++) statuses.push(await send(make()));
	return new Set(statuses);
};

describe('junk logout tokens', () => {
	it.each<[string, () => string | Promise<string>]>([
		['that are not tokens', () => randomUUID()],
		['of another issuer', () => provider.signer.sign(buildClaims({ iss: 'https://evil.example' }), type)],
		['for another client', () => provider.signer.sign(buildClaims({ aud: 'other' }), type)],
		['of another type', () => provider.signer.sign(buildClaims(), 'JWT')],
		['that are old', () => provider.signer.sign(buildClaims({ iat: 1 }), type)],
		['without an event', () => provider.signer.sign(buildClaims({ events: {} }), type)],
		['that are not signed', () => assemble({ alg: 'none', typ: type }, buildClaims())],
		['of another algorithm', async () => (await makeSigner('ES256')).sign(buildClaims(), type)]
	])('%s cause no requests to the provider', async (_, make) => {
		expect(await sendAll(make)).toEqual(new Set([400]));
		expect(provider.asked).toMatchObject({ discovery: 0, keys: 0 });
	});

	it('with a wrong signature by a known key cause one fetch of the keys', async () => {
		const other = await makeSigner();
		const forged = async () => {
			const [, payload, signature] = (await other.sign(buildClaims(), type)).split('.');
			const [header] = (await provider.signer.sign(buildClaims(), type)).split('.');
			return [header, payload, signature].join('.');
		};
		expect(await sendAll(forged)).toEqual(new Set([400]));
		expect(provider.asked).toMatchObject({ discovery: 1, keys: 1 });
	});

	it('with unknown keys cause two fetches of the keys, sent in sequence or concurrently', async () => {
		const other = await makeSigner();
		expect(await sendAll(() => other.sign(buildClaims(), type))).toEqual(new Set([400]));
		const tokens = await Promise.all(Array.from({ length: times }, () => other.sign(buildClaims(), type)));
		expect(new Set(await Promise.all(tokens.map(send)))).toEqual(new Set([400]));
		expect(provider.asked.discovery).toBe(1);
		// Allows a third fetch on a machine so slow that this takes more than half a minute.
		expect([2, 3]).toContain(provider.asked.keys);
	});

	it('do not block a valid one, whether its key is known or was rotated', async () => {
		const signIn = async () => LoginResponseDto.parse((await signInAtLiar(api, provider, {})).body).accessToken;
		const isSignedIn = async (token: string) => (await api.request('GET', '/api/users/me', { token })).status === 200;
		const other = await makeSigner();
		const first = await signIn();
		expect(await send(provider.signer.sign(buildClaims(), type))).toBe(200);
		expect(await isSignedIn(first)).toBe(false);
		await provider.rotateKeys();
		const second = await signIn();
		expect(await send(provider.signer.sign(buildClaims(), type))).toBe(200);
		expect(await isSignedIn(second)).toBe(false);
		await sendAll(() => other.sign(buildClaims(), type));
		const third = await signIn();
		expect(await send(provider.signer.sign(buildClaims(), type))).toBe(200);
		expect(await isSignedIn(third)).toBe(false);
	});

	it('cause two fetches while the keys are unavailable', async () => {
		provider.lies = { answers: { keys: (response) => response.destroy() } };
		expect(await sendAll(() => provider.signer.sign(buildClaims(), type))).toEqual(new Set([400]));
		expect(provider.asked.keys).toBeLessThanOrEqual(4);
		expect(provider.asked.keys).toBeGreaterThan(0);
	});
});

describe('a burst', () => {
	const authorize = () => api.request('POST', '/api/oauth/authorize', { body: { redirectUri } });
	const all = (ask: () => Promise<{ status: number }>) => Promise.all(Array.from({ length: times }, ask));

	it('of sign-ins reads the discovery document once', async () => {
		expect(new Set((await all(authorize)).map(({ status }) => status))).toEqual(new Set([201]));
		expect(provider.asked.discovery).toBe(1);
	});

	it('of sign-ins while the provider is down reads it twice, and works after it recovers', async () => {
		provider.lies = { answers: { discovery: (response) => sendJson(response, {}, 500) } };
		expect((await authorize()).status).toBe(500);
		provider.lies = {};
		expect((await authorize()).status).toBe(201);
		await configureOAuth(api, provider);
		provider.lies = { answers: { discovery: (response) => sendJson(response, {}, 500) } };
		const before = provider.asked.discovery;
		for (let asked = 0; asked < 3; asked++)
			expect(new Set((await all(authorize)).map(({ status }) => status))).toEqual(new Set([500]));
		expect(provider.asked.discovery - before).toBeLessThanOrEqual(4);
	});

	it('of forged callbacks reads only the discovery document, once', async () => {
		const body = { url: `${redirectUri}?code=a&state=b`, state: 'b', codeVerifier: 'c' };
		const callback = () => api.request('POST', '/api/oauth/callback', { body });
		expect(new Set((await all(callback)).map(({ status }) => status))).toEqual(new Set([500]));
		expect(provider.asked).toEqual({ discovery: 1, token: 0, keys: 0, profile: 0 });
	});
});

describe('a callback while the discovery document is unavailable', () => {
	it.each(['/api/oauth/callback', '/api/oauth/link'])('returns Immich’s message from %s', async (path) => {
		const { url, cookie } = await begin(api);
		const { token } = await api.accounts.signIn();
		await configureOAuth(api, provider);
		provider.lies = { answers: { discovery: (response) => sendJson(response, {}, 500) } };
		const reply = await api.request('POST', path, { body: { url: provider.comeBack(url) }, cookie, token });
		expect([reply.status, reply.body]).toEqual([
			500,
			{ message: 'Error in OAuth discovery: ClientError: unexpected HTTP response status code' }
		]);
		// Sign-ins still work afterwards.
		await configureOAuth(api, provider);
		provider.lies = {};
		const again = await api.request('POST', path, { body: { url: provider.comeBack(url) }, cookie, token });
		expect(again.status).toBeLessThan(202);
	});
});
