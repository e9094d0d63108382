import { describe, expect, it } from 'vitest';
import { readOAuthEnv } from '#lib/server/platform/config/oauth-env.ts';
import { mergeWithDefaults } from '#lib/contract/settings/document/index.ts';
import { issuesWith } from '#tests/support/settings.ts';

const spaces = 'Remove the spaces before and after it';
const issues = (changes: Record<string, unknown>) => issuesWith(({ oauth }) => Object.assign(oauth ?? {}, changes));

describe('checks of provider settings', () => {
	it.each([
		['HS256', /HS256 is not supported, because it signs with the client secret/],
		['hs512', /HS512 is not supported/],
		['HS1', /HS1 is not supported/],
		['none', /ID tokens must be signed/],
		['NONE', /ID tokens must be signed/],
		['rs256', /Write it as RS256/],
		['Es384', /Write it as ES384/],
		['eddsa', /Write it as EdDSA/],
		['RS256 ', new RegExp(spaces)],
		[' ES256', new RegExp(spaces)],
		['RS256\n', new RegExp(spaces)],
		['RS257', /unknown/],
		['SHA256', /unknown/],
		['ES256K', /unknown/],
		['RS256,ES256', /unknown/],
		['toString', /unknown/],
		[' ', /Enter an algorithm/]
	])('refuse the ID token algorithm ‘%s’', (signingAlgorithm, message) => {
		expect(issues({ signingAlgorithm })).toEqual([expect.stringMatching(message)]);
	});

	it.each([
		['HS256', /HS256 is not supported/],
		['None', /Write it as none/],
		['none ', new RegExp(spaces)],
		['rs256', /Write it as RS256/],
		['plain', /unknown/]
	])('refuse the profile algorithm ‘%s’', (profileSigningAlgorithm, message) => {
		expect(issues({ profileSigningAlgorithm })).toEqual([expect.stringMatching(message)]);
	});

	it.each([
		['issuerUrl', 'https://id.test '],
		['issuerUrl', '\thttps://id.test'],
		['clientId', 'photos '],
		['clientId', ' photos'],
		['clientId', 'photos\u200b'],
		['clientSecret', '\u2060secret'],
		['clientSecret', 'secret\n'],
		['endSessionEndpoint', 'https://id.test/end '],
		['accountManagementUrl', ' https://id.test/me'],
		['mobileRedirectUri', 'https://photos.test/api/oauth/mobile-redirect '],
		['storageLabelClaim', 'name '],
		['storageQuotaClaim', ' quota'],
		['roleClaim', 'role\u00a0']
	])('refuse spaces around %s: ‘%s’', (name, value) => {
		expect(issues({ [name]: value })).toContain(`oauth.${name}: ${spaces}`);
	});

	it.each(['https://id.test/?realm=a', 'https://id.test/#a', 'https://id.test/.well-known/openid-configuration#a'])(
		'refuse the issuer ‘%s’',
		(issuerUrl) => {
			expect(issues({ issuerUrl })).toEqual(['oauth.issuerUrl: An issuer contains no ? and no #']);
		}
	);

	it.each(['javascript:alert(1)', 'immich:///x', 'data:text/html,x', 'file:///x'])(
		'refuse the mobile redirect address ‘%s’, where no sign-in can end',
		(mobileRedirectUri) => {
			expect(issues({ mobileOverrideEnabled: true, mobileRedirectUri })).toEqual([
				'oauth.mobileRedirectUri: Mobile redirect URI must be an empty string or a valid URL'
			]);
		}
	);

	it.each(['email profile', 'openid2', 'OPENID', 'xopenid', ' '])('refuse the scopes ‘%s’', (scope) => {
		expect(issues({ scope })).toEqual(['oauth.scope: Scopes must include openid']);
	});

	it('accept everything that can work', () => {
		for (const signingAlgorithm of ['', 'RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES512', 'EdDSA', 'Ed25519'])
			expect(issues({ signingAlgorithm, profileSigningAlgorithm: signingAlgorithm })).toEqual([]);
		expect(issues({ profileSigningAlgorithm: 'none' })).toEqual([]);
		for (const scope of ['', 'openid', 'email openid', '  openid  email ']) expect(issues({ scope })).toEqual([]);
		expect(issues({ clientSecret: 'a b c', tokenEndpointAuthMethod: 'none' })).toEqual([]);
		expect(issues({ issuerUrl: 'https://id.test/.well-known/openid-configuration?p=policy' })).toEqual([]);
		for (const mobileRedirectUri of ['app.immich:///oauth-callback', 'com.example.app:/x', 'https://photos.test/x'])
			expect(issues({ mobileOverrideEnabled: true, mobileRedirectUri })).toEqual([]);
	});

	it('stop the server for values from the environment, and name the variable', () => {
		expect(() => readOAuthEnv({ IMMICH_OAUTH_SIGNING_ALGORITHM: 'HS256' })).toThrow(
			/^IMMICH_OAUTH_SIGNING_ALGORITHM: HS256 is not supported/
		);
		expect(() => readOAuthEnv({ IMMICH_OAUTH_CLIENT_ID: 'photos ' })).toThrow(`IMMICH_OAUTH_CLIENT_ID: ${spaces}`);
	});

	it('replace values stored by an earlier version with their defaults', () => {
		const { config, problems } = mergeWithDefaults({ oauth: { signingAlgorithm: 'HS256', clientId: 'photos' } });
		expect(config.oauth).toMatchObject({ signingAlgorithm: 'RS256', clientId: 'photos' });
		expect(problems.map(({ path }) => path.join('.'))).toEqual(['oauth.signingAlgorithm']);
	});
});
