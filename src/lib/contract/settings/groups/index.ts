import type { z } from 'zod';
import { firstProviderId } from '../../oauth/oauth.ts';
import { immichAuthConfigDefaults, SecurityDto, type ImmichAuthConfig } from '../document/immich-auth.ts';
import { AdminConfigDto, systemConfigDefaults, type SystemConfig } from '../document/index.ts';
import {
	OAuthProviderDto,
	oauthProviderDefaults,
	OAuthTrustDto,
	oauthTrustDefaults
} from '../document/oauth-providers.ts';
import { listSettingFields, type SettingField } from '../document/setting-fields.ts';
import type { JsonObject } from '../document/sparse-document.ts';

/** The two settings documents: Immich's and ours. */
export type DocumentName = 'system' | 'immichAuth';

/** Settings that are shown and saved together. */
export interface SettingsGroup {
	readonly id: string;
	readonly document: DocumentName;
	/** Path of the group in its document, `oauth.first`; empty for the root. */
	readonly prefix: string;
	/** Keys under that path that belong to other groups. */
	readonly except: readonly string[];
	readonly title: string;
	readonly description: string;
	readonly schema: z.ZodType;
	readonly defaults: JsonObject;
	/** ID of the provider if the group describes one that can be tested. */
	readonly providerId: string | null;
	/** Empty if the group is stored for others and edited as JSON. */
	readonly fields: readonly SettingField[];
}

/** Groups this server uses, in display order. */
const formGroups = [
	'passwordLogin',
	'oauth',
	'server',
	'notifications',
	'templates',
	'user',
	'trash',
	'backup',
	'nightlyTasks',
	'job',
	'newVersionCheck',
	'logging',
	'theme'
] as const satisfies readonly (keyof SystemConfig)[];

/** Groups stored only for apps and servers that use them. */
const keptGroups = [
	'image',
	'ffmpeg',
	'storageTemplate',
	'library',
	'integrityChecks',
	'machineLearning',
	'metadata',
	'map',
	'reverseGeocoding'
] as const satisfies readonly (keyof SystemConfig)[];

const getTitleAndDescription = (schema: z.ZodType) => {
	const { title = '', description = '' } = schema.meta() ?? {};
	return { title, description };
};

function buildGroup(id: keyof SystemConfig, hasForm: boolean): SettingsGroup {
	const schema: z.ZodType = AdminConfigDto.shape[id];
	return {
		id,
		document: 'system',
		prefix: id,
		except: [],
		...getTitleAndDescription(schema),
		schema,
		defaults: systemConfigDefaults[id],
		providerId: id === 'oauth' ? firstProviderId : null,
		fields: hasForm ? listSettingFields(schema) : []
	};
}

const { oauth: _, ...securityDefaults } = immichAuthConfigDefaults;

const security: SettingsGroup = {
	id: 'security',
	document: 'immichAuth',
	prefix: '',
	except: ['oauth'],
	...getTitleAndDescription(SecurityDto),
	schema: SecurityDto,
	defaults: securityDefaults,
	providerId: null,
	fields: listSettingFields(SecurityDto)
};

const trust: SettingsGroup = {
	id: 'oauth-trust',
	document: 'immichAuth',
	prefix: 'oauth.first',
	except: [],
	...getTitleAndDescription(OAuthTrustDto),
	schema: OAuthTrustDto,
	defaults: oauthTrustDefaults,
	providerId: null,
	fields: listSettingFields(OAuthTrustDto)
};

const providerFields = listSettingFields(OAuthProviderDto);

/** The settings group of a provider other than the first. */
const providerGroup = (id: string): SettingsGroup => ({
	id: providerGroupId(id),
	document: 'immichAuth',
	prefix: `oauth.providers.${id}`,
	except: [],
	title: `OAuth: ${id}`,
	description: getTitleAndDescription(OAuthProviderDto).description,
	schema: OAuthProviderDto,
	defaults: oauthProviderDefaults,
	providerId: id,
	fields: providerFields
});

/** Returns the ID of the settings group of an additional provider. */
export const providerGroupId = (providerId: string): string => `provider-${providerId}`;

const ofForms = formGroups.map((id) => buildGroup(id, true));
const ofOAuth = ofForms.findIndex(({ id }) => id === 'oauth') + 1;
const before = [security, ...ofForms.slice(0, ofOAuth), trust];
const after = [...ofForms.slice(ofOAuth), ...keptGroups.map((id) => buildGroup(id, false))];

/** Lists all groups; each configured provider adds one. */
export const listSettingsGroups = ({ oauth }: ImmichAuthConfig): readonly SettingsGroup[] => [
	...before,
	...Object.keys(oauth.providers).map(providerGroup),
	...after
];
