import { describe, expect, it } from 'vitest';
import { mergeImmichAuthConfig } from '#lib/contract/settings/document/immich-auth.ts';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { withLeaves } from '#lib/contract/settings/document/leaves.ts';
import { maskSecrets, redirectedSecrets } from '#lib/contract/settings/document/secrets.ts';
import type { JsonObject, JsonValue } from '#lib/contract/settings/document/sparse-document.ts';

type Leaf = readonly [path: string, value: JsonValue];
const withAll = (document: JsonObject, leaves: readonly Leaf[]) => withLeaves(document, new Map(leaves));

const transport = 'notifications.smtp.transport';
const system = withAll(systemConfigDefaults, [
	['oauth.clientSecret', 'kept'],
	['oauth.issuerUrl', 'https://id.example.com'],
	[`${transport}.password`, 'kept'],
	[`${transport}.host`, 'mail.example.com'],
	[`${transport}.secure`, true]
]);
const club = 'oauth.providers.club';
const provider = { issuerUrl: 'https://club.example.com', clientId: 'photos', clientSecret: 'kept' };
const immichAuth = mergeImmichAuthConfig({ oauth: { providers: { club: provider } } }).config;

const secretsIn = (inForce: JsonObject, leaves: readonly Leaf[]) =>
	redirectedSecrets(withAll(maskSecrets(inForce), leaves), inForce).map(({ secret }) => secret);

describe('a masked secret', () => {
	it.each<[JsonObject, string, JsonValue, string]>([
		[system, `${transport}.host`, 'mail.evil.example', `${transport}.password`],
		[system, `${transport}.host`, '', `${transport}.password`],
		[system, `${transport}.port`, 2525, `${transport}.password`],
		[system, `${transport}.secure`, false, `${transport}.password`],
		[system, `${transport}.ignoreCert`, true, `${transport}.password`],
		[system, 'oauth.issuerUrl', 'https://evil.example', 'oauth.clientSecret'],
		[system, 'oauth.issuerUrl', '', 'oauth.clientSecret'],
		[system, 'oauth.allowInsecureRequests', true, 'oauth.clientSecret'],
		[immichAuth, `${club}.issuerUrl`, 'https://evil.example', `${club}.clientSecret`],
		[immichAuth, `${club}.allowInsecureRequests`, true, `${club}.clientSecret`]
	])('is redirected in case %#: %s', (inForce, path, value, secret) => {
		expect(secretsIn(inForce, [[path, value]])).toEqual([secret]);
		// A secret that is entered again goes where it should.
		expect(
			secretsIn(inForce, [
				[path, value],
				[secret, 'entered again']
			])
		).toEqual([]);
		expect(
			secretsIn(inForce, [
				[path, value],
				[secret, '']
			])
		).toEqual([]);
	});

	it.each<[JsonObject, string, JsonValue]>([
		[system, `${transport}.username`, 'photos'],
		[system, 'notifications.smtp.from', 'photos@example.com'],
		[system, 'oauth.scope', 'openid'],
		[system, 'oauth.endSessionEndpoint', 'https://id.example.com/out'],
		[system, 'oauth.accountManagementUrl', 'https://id.example.com/account'],
		[system, 'server.externalDomain', 'https://photos.example.com'],
		[immichAuth, `${club}.buttonText`, 'Club']
	])('stays in case %#: %s', (inForce, path, value) => {
		expect(secretsIn(inForce, [[path, value]])).toEqual([]);
	});

	it('stays if its server is set for the first time', () => {
		const unnamed = withAll(systemConfigDefaults, [['oauth.clientSecret', 'kept']]);
		expect(secretsIn(unnamed, [['oauth.issuerUrl', 'https://id.example.com']])).toEqual([]);
	});
});
