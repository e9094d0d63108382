import { z } from 'zod';
import { ImmichAuthConfigDto } from './immich-auth.ts';
import { AdminConfigDto, type SystemConfig } from './index.ts';
import { settingFieldsOf, type SettingField } from './setting-fields.ts';

/** The two documents: Immich's, and ours beside it. */
export type DocumentName = 'system' | 'immichAuth';

/** Settings that are shown and saved together. */
export interface SettingsGroup {
	readonly id: string;
	readonly document: DocumentName;
	/** Where the group lies in its document; empty for the whole of it. */
	readonly prefix: string;
	readonly title: string;
	readonly description: string;
	readonly schema: z.ZodType;
	/** Empty where the group is kept for others and edited as JSON. */
	readonly fields: readonly SettingField[];
}

/** What this server acts on, in the order in which it is shown. */
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

/** What is kept for apps and servers that act on it. */
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

const wordsOf = (schema: z.ZodType) => {
	const { title = '', description = '' } = schema.meta() ?? {};
	return { title, description };
};

function groupOf(id: keyof SystemConfig, hasForm: boolean): SettingsGroup {
	const schema: z.ZodType = AdminConfigDto.shape[id];
	const fields = hasForm ? settingFieldsOf(schema) : [];
	return { id, document: 'system', prefix: id, ...wordsOf(schema), schema, fields };
}

const ours: SettingsGroup = {
	id: 'security',
	document: 'immichAuth',
	prefix: '',
	...wordsOf(ImmichAuthConfigDto),
	schema: ImmichAuthConfigDto,
	fields: settingFieldsOf(ImmichAuthConfigDto)
};

export const settingsGroups: readonly SettingsGroup[] = [
	ours,
	...formGroups.map((id) => groupOf(id, true)),
	...keptGroups.map((id) => groupOf(id, false))
];

export const findSettingsGroup = (id: string): SettingsGroup | undefined =>
	settingsGroups.find((group) => group.id === id);
