import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { HostileProvider, type Lies } from '#tests/support/hostile-provider.ts';
import { expectRefused, signInAtLiar } from '#tests/support/hostile-sign-in.ts';
import { configureOAuth } from '#tests/support/oauth.ts';
import { clientId, clientSecret } from '#tests/support/oidc.ts';
import { assemble, makeSigner, signBySecret } from '#tests/support/provider-keys.ts';

const api = useApi();
let provider: HostileProvider;
const ann = { sub: 'ann', email: 'ann@example.test', email_verified: true, name: 'Ann' };
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

beforeAll(async () => {
	provider = await HostileProvider.start();
	provider.person = ann;
});
afterAll(() => provider.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, provider);
	await api.accounts.makeAdmin();
});

const refuse = (lies: Lies, reason: RegExp) =>
	expectRefused(api, provider, () => signInAtLiar(api, provider, lies), { reason });

describe('an honest provider', () => {
	it('signs a user in, also after key rotation and without a key ID', async () => {
		expect((await signInAtLiar(api, provider, {})).status).toBe(201);
		await provider.rotateKeys();
		expect((await signInAtLiar(api, provider, {})).status).toBe(201);
	});

	it.each([
		['an e-mail at its UserInfo endpoint alone', { claims: { email: undefined } }],
		['a clock that is half a minute ahead', { claims: { iat: inSeconds(30) } }],
		['a session that is no text', { claims: { sid: 5 } }],
		['a subject as long as may be', { claims: { sub: 'ａ'.repeat(255) } }],
		['itself as one of several audiences', { claims: { aud: [clientId, 'other'], azp: clientId } }]
	] satisfies [string, Lies][])('signs a user in with %s', async (_, lies) => {
		expect((await signInAtLiar(api, provider, lies)).status).toBe(201);
	});
});

describe('returns 500 for an ID token', () => {
	it.each([
		['that is not signed', { sign: (claims) => assemble({ alg: 'none' }, claims) }, /alg/],
		['signed by the client secret', { sign: (claims) => signBySecret(claims, clientSecret) }, /alg/],
		['signed by the public key', { sign: (claims, { publicText }) => signBySecret(claims, publicText) }, /alg/],
		['signed by ES256', { sign: async (claims) => (await makeSigner('ES256')).sign(claims) }, /alg/],
		['signed by another key', { sign: async (claims) => (await makeSigner()).sign(claims) }, /key/],
		[
			'signed by another key with the ID of the right one',
			{
				sign: async (claims, { publicKey: { kid } }) => {
					const [, payload, signature] = (await (await makeSigner()).sign(claims)).split('.');
					const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid })).toString('base64url');
					return [header, payload, signature].join('.');
				}
			},
			/signature/
		],
		[
			'changed after it was signed',
			{
				sign: async (claims, { sign }) => {
					const [header = '', , signature] = (await sign(claims)).split('.');
					return assemble({}, { ...claims, sub: 'eve' }, signature).replace(/^[^.]+/, header);
				}
			},
			/signature/
		],
		['with a key of its own', { sign: (claims) => signedByItsOwnKey(claims) }, /signature/],
		['in three words', { sign: () => 'not.a.token' }, /parsing/],
		['that is empty', { sign: () => '' }, /invalid response/],
		['that has expired', { claims: { exp: inSeconds(-3_600) } }, /exp|timestamp/],
		['without an end', { claims: { exp: undefined } }, /exp/],
		['that ends at no time', { claims: { exp: 'never' } }, /exp/],
		['of the future', { claims: { iat: inSeconds(3_600) } }, /future/],
		['that is good only later', { claims: { nbf: inSeconds(3_600) } }, /nbf|timestamp/],
		['of no time', { claims: { iat: undefined } }, /iat/],
		['for another client', { claims: { aud: 'other' } }, /aud/],
		['without an audience', { claims: { aud: undefined } }, /aud/],
		['for several clients, issued to none', { claims: { aud: [clientId, 'other'] } }, /aud/],
		['for several clients, issued to another', { claims: { aud: [clientId, 'other'], azp: 'other' } }, /azp/],
		['issued to another client', { claims: { azp: 'other' } }, /another client/],
		['without the nonce', { claims: { nonce: undefined } }, /nonce/],
		['with another nonce', { claims: { nonce: 'other' } }, /nonce/],
		['of another issuer', { claims: { iss: 'https://accounts.example.test' } }, /iss/],
		['of no issuer', { claims: { iss: undefined } }, /iss/],
		['without a subject', { claims: { sub: undefined } }, /sub/],
		['of an empty subject', { claims: { sub: '' } }, /sub/],
		['of a number as subject', { claims: { sub: 5 } }, /sub/],
		['of a list as subject', { claims: { sub: ['ann'] } }, /sub/],
		['of an endless subject', { claims: { sub: 'a'.repeat(5_000) } }, /subject/],
		['of a subject of too many letters', { claims: { sub: 'ａ'.repeat(256) } }, /subject/],
		['of half a letter as subject', { claims: { sub: 'ann\ud800' } }, /subject/],
		['of a subject with a zero in it', { claims: { sub: 'ann\0' } }, /subject/],
		['of a session with a zero in it', { claims: { sid: 'a\0' } }, /session/],
		['of an endless session', { claims: { sid: 'a'.repeat(5_000) } }, /session/]
	] satisfies [string, Lies, RegExp][])('%s', async (_, lies, reason) => {
		await refuse(lies, reason);
	});

	it('whose issuer has an extra slash', async () => {
		await refuse({ claims: { iss: `${provider.issuer}/` } }, /iss/);
	});
});

describe('returns 500 for a profile', () => {
	const quiet = { email: undefined };
	it.each([
		['of another subject', { claims: quiet, profile: { sub: 'eve' } }, /sub/],
		['of no subject', { claims: quiet, profile: { sub: undefined } }, /sub/],
		['of a subject that is no text', { claims: quiet, profile: { sub: 5 } }, /sub/],
		[
			'that is signed where it need not be',
			{ claims: quiet, isProfileSigned: true },
			/missing client or server configuration/
		]
	] satisfies [string, Lies, RegExp][])('%s', async (_, lies, reason) => {
		await refuse(lies, reason);
	});

	describe('when profiles must be signed, refuses one', () => {
		beforeEach(() => configureOAuth(api, provider, { profileSigningAlgorithm: 'RS256' }));

		it('that is not signed', async () => {
			await refuse({ claims: quiet }, /JWT UserInfo/);
		});

		it('that is signed by another key', async () => {
			const other = await makeSigner();
			let signed = 0;
			// The ID token is signed first.
			const sign: Lies['sign'] = (claims, signer) => (signed++ === 0 ? signer : other).sign(claims);
			await refuse({ claims: quiet, isProfileSigned: true, sign }, /key/);
		});

		it('but accepts a signed one', async () => {
			const reply = await signInAtLiar(api, provider, { claims: quiet, isProfileSigned: true });
			expect(reply.status).toBe(201);
		});
	});
});

/** Carries its own key in its header, which must be ignored. */
async function signedByItsOwnKey(claims: JWTPayload): Promise<string> {
	const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
	return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(publicKey) }).sign(privateKey);
}
