import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listSettingsGroups } from '#lib/contract/settings/groups/index.ts';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { AdminConfigDto, systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { changedLeaves, toLeaves, withLeaves } from '#lib/contract/settings/document/leaves.ts';
import { isSecretSetting, maskSecrets, secretMask, unmaskSecrets } from '#lib/contract/settings/document/secrets.ts';
import { oauthProviderDefaults } from '#lib/contract/settings/document/oauth-providers.ts';
import { listSettingFields } from '#lib/contract/settings/document/setting-fields.ts';
import { toPath } from '#lib/server/features/settings/settings-part.ts';
import { anyConfig } from '#tests/support/settings.ts';

const one = { ...oauthProviderDefaults, clientSecret: 'one' };
const oauth = { ...immichAuthConfigDefaults.oauth, providers: { one, 'two-2': oauthProviderDefaults } };
const withProviders = { ...immichAuthConfigDefaults, oauth };
const settingsGroups = listSettingsGroups(withProviders);

describe('the settings groups', () => {
	it('contain every setting of Immich’s document once', () => {
		const ofSystem = settingsGroups.filter(({ document }) => document === 'system').map(({ id }) => id);
		expect(ofSystem.sort()).toEqual(Object.keys(systemConfigDefaults).sort());
	});

	it('contain every setting of our own document once', () => {
		const ofOurs = settingsGroups.filter(({ document }) => document === 'immichAuth');
		const paths = ofOurs.flatMap((group) => [...toLeaves(group.defaults).keys()].map((name) => toPath(group, name)));
		expect(paths.sort()).toEqual([...toLeaves(withProviders).keys()].sort());
		for (const group of ofOurs)
			expect(group.fields.map(({ name }) => name).sort()).toEqual([...toLeaves(group.defaults).keys()].sort());
	});

	it.each(settingsGroups.map((group) => [group.id, group] as const))('%s has a title and a description', (_, group) => {
		expect(group.title).toMatch(/^[A-Z]/);
		expect(group.description).toMatch(/\.$/);
		for (const { title, description, name } of group.fields) {
			expect(title, name).toMatch(/^[A-Z]/);
			expect(description, name).toMatch(/\.$/);
		}
	});

	it('describe the form fields', () => {
		const fields = listSettingFields(AdminConfigDto.shape.oauth);
		const found = (name: string) => fields.find((field) => field.name === name);
		expect(found('clientSecret')).toMatchObject({ kind: 'secret' });
		expect(found('timeout')).toMatchObject({ kind: 'number', min: 1, max: null, isNullable: false });
		expect(found('defaultStorageQuota')).toMatchObject({ kind: 'number', min: 0, isNullable: true });
		expect(found('enabled')).toMatchObject({ kind: 'switch', section: null });
		expect(found('tokenEndpointAuthMethod')?.options).toEqual(['client_secret_post', 'client_secret_basic', 'none']);
	});
});

describe('secrets', () => {
	it('are these, and any later setting named password', () => {
		const secret = [...toLeaves(systemConfigDefaults).keys()].filter(isSecretSetting);
		expect(secret.sort()).toEqual(['notifications.smtp.transport.password', 'oauth.clientSecret']);
	});

	it('are masked and restored, whatever else the document contains', () => {
		fc.assert(
			fc.property(anyConfig, (config) => {
				const masked = maskSecrets(config);
				for (const [path, value] of toLeaves(masked)) if (isSecretSetting(path)) expect(value).toBe(secretMask);
				expect(unmaskSecrets(masked, config)).toEqual(config);
			})
		);
	});

	it('of our own document are those of its providers', () => {
		expect([...toLeaves(withProviders).keys()].filter(isSecretSetting)).toEqual([
			'oauth.providers.one.clientSecret',
			'oauth.providers.two-2.clientSecret'
		]);
		const masked = maskSecrets(withProviders);
		expect(toLeaves(masked).get('oauth.providers.one.clientSecret')).toBe(secretMask);
		expect(unmaskSecrets(masked, withProviders)).toEqual(withProviders);
	});

	it('stay empty if they are empty', () => {
		expect(maskSecrets(systemConfigDefaults)).toEqual(systemConfigDefaults);
		const { oauth } = unmaskSecrets({ oauth: { clientSecret: secretMask } }, { oauth: { clientSecret: '' } });
		expect(oauth).toEqual({ clientSecret: '' });
	});
});

describe('leaf settings', () => {
	it('rebuild their document, and reveal differences', () => {
		fc.assert(
			fc.property(anyConfig, anyConfig, (one, other) => {
				expect(withLeaves(one, toLeaves(other))).toEqual(other);
				expect(changedLeaves(one, one)).toEqual([]);
				const changes = new Map(changedLeaves(one, other).map(({ path, to }) => [path, to]));
				expect(withLeaves(one, changes)).toEqual(other);
			})
		);
	});

	it('can be null', () => {
		expect(withLeaves({ a: { b: 1 } }, new Map([['a.b', null]]))).toEqual({ a: { b: null } });
	});
});
