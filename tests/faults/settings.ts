import type { Fault } from './fault.ts';

export const settingsFaults: readonly Fault[] = [
	{
		title: 'every user changes the settings',
		file: 'src/lib/contract/settings/settings-operations.ts',
		find: "{ permission: 'adminConfig.update', admin: true }",
		replace: "{ permission: 'adminConfig.update' }",
		tests: ['tests/contract/access-table.test.ts']
	},
	{
		title: 'secrets of settings are shown',
		file: 'src/lib/server/features/settings/settings.service.ts',
		find: 'AdminConfigDto.parse(maskSecrets(document))',
		replace: 'AdminConfigDto.parse(document)',
		tests: ['tests/api/settings/document-secrets.test.ts']
	},
	{
		title: 'a mask that comes back replaces the secret',
		file: 'src/lib/server/features/settings/settings-secrets.ts',
		find: 'unmaskSecrets(document, inForce)',
		replace: 'document',
		tests: ['tests/api/settings/document-secrets.test.ts']
	},
	{
		title: 'a setting of the environment is changed',
		file: 'src/lib/server/features/settings/settings.service.ts',
		find: 'lock && !isEqual(to, sent.get(path))',
		replace: 'false',
		tests: ['tests/api/settings/locks.test.ts']
	},
	{
		title: 'what the environment decides is stored',
		file: 'src/lib/server/features/settings/settings.service.ts',
		find: 'new Map(decided.map(({ path, from }) => [path, from]))',
		replace: 'new Map()',
		tests: ['tests/api/settings/locks.test.ts']
	},
	{
		title: 'a change is made to another version than the one read',
		file: 'src/lib/server/features/settings/settings.service.ts',
		find: '!isMeant(key.computeVersion(current))',
		replace: 'false',
		tests: ['tests/api/settings/documents.test.ts']
	},
	{
		title: 'a config file is overruled',
		file: 'src/lib/server/features/settings/settings-writer.ts',
		find: "lockOn(this.#deps.locks, name, '')",
		replace: 'null',
		tests: ['tests/api/settings/locks.test.ts']
	},
	{
		title: 'a locked setting is changed with others',
		file: 'src/lib/server/features/settings/settings-writer.ts',
		find: 'lockOn(this.#deps.locks, name, path)',
		replace: 'null',
		tests: ['tests/api/settings/locks.test.ts']
	},
	{
		title: 'secrets are recorded in the audit log',
		file: 'src/lib/server/features/audit/audit.repository.ts',
		find: "isSecretSetting(field.replace(/^settings\\.(security\\.)?/, ''))",
		replace: 'false',
		tests: ['tests/api/settings/document-secrets.test.ts']
	},
	{
		title: 'a secret of the environment follows its server',
		file: 'src/lib/server/features/settings/settings-secrets.ts',
		find: 'secretLocks.length === 0',
		replace: 'true',
		tests: ['tests/api/settings/redirected-secrets.test.ts']
	},
	{
		title: 'an address with a password is stored',
		file: 'src/lib/contract/settings/document/fields.ts',
		find: "username !== '' || password !== ''",
		replace: 'false',
		tests: ['tests/api/settings/forms.test.ts']
	},
	{
		title: 'a stored address is read with its password',
		file: 'src/lib/contract/settings/document/index.ts',
		find: 'shownUrls.includes(path)',
		replace: 'false',
		tests: ['tests/unit/settings/stored.test.ts']
	},
	{
		title: 'a page hides that a feature is missing',
		file: 'src/routes/(console)/admin/settings/[group]/+page.svelte',
		find: 'notAvailable[group.id]',
		replace: 'undefined',
		tests: ['tests/api/settings/forms.test.ts']
	},
	{
		title: 'passwords in addresses are recorded',
		file: 'src/lib/server/features/settings/settings-audit.ts',
		find: "text.replace(/(\\/\\/[^/?#\\s@:]*):[^/?#\\s]*@/g, '$1:…@')",
		replace: 'text',
		tests: ['tests/api/settings/document-secrets.test.ts']
	},
	{
		title: 'everyone reads all settings',
		file: 'src/lib/contract/settings/document/subsets.ts',
		find: 'UserConfigDto.parse(config)',
		replace: 'config',
		tests: ['tests/unit/settings/subsets.test.ts']
	},
	{
		title: 'anyone reads the settings of users',
		file: 'src/lib/contract/settings/document/subsets.ts',
		find: 'PublicConfigDto.parse(config)',
		replace: 'config',
		tests: ['tests/unit/settings/subsets.test.ts']
	},
	{
		title: 'a secret that was not sealed here is stored from a form',
		file: 'src/lib/server/features/settings/settings-group.service.ts',
		find: "(await this.#deps.key.open(posted[`${name}.sealed`] ?? '')) ?? ''",
		replace: "posted[`${name}.sealed`] ?? ''",
		tests: ['tests/api/settings/forms.test.ts']
	},
	{
		title: 'settings that were read once stay in force',
		file: 'src/lib/server/platform/cached-document.ts',
		find: 'seen !== this.#seen',
		replace: 'false',
		tests: ['tests/api/settings/instances.test.ts']
	}
];
