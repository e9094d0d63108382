import { findSettingsGroup, type DocumentName, type SettingsGroup } from '#lib/contract/system-config/groups.ts';
import { immichAuthConfigDefaults } from '#lib/contract/system-config/immich-auth.ts';
import { systemConfigDefaults } from '#lib/contract/system-config/index.ts';
import { isSecretSetting } from '#lib/contract/system-config/secrets.ts';
import { isObject, type JsonObject } from '#lib/contract/system-config/sparse-document.ts';
import { settingsGroupNotFound } from '../errors.ts';

const defaults: Readonly<Record<DocumentName, JsonObject>> = {
	system: systemConfigDefaults,
	immichAuth: immichAuthConfigDefaults
};

/** Throws 404 for a group that there is not. */
export function demandGroup(id: string): SettingsGroup {
	const group = findSettingsGroup(id);
	if (!group) throw settingsGroupNotFound();
	return group;
}

/** Cuts a group out of its document. */
export function partOf({ prefix }: SettingsGroup, document: JsonObject): JsonObject {
	if (prefix === '') return document;
	const part = document[prefix];
	return isObject(part) ? part : {};
}

/** Puts a group back into its document. */
export const withPart = ({ prefix }: SettingsGroup, document: JsonObject, part: JsonObject): JsonObject =>
	prefix === '' ? part : { ...document, [prefix]: part };

export const defaultsOf = (group: SettingsGroup): JsonObject => partOf(group, defaults[group.document]);

/** The path of a group's setting in its document. */
export const pathOf = ({ prefix }: SettingsGroup, name: string): string => (prefix === '' ? name : `${prefix}.${name}`);

export const isSecretOf = (group: SettingsGroup, name: string): boolean =>
	group.document === 'system' && isSecretSetting(pathOf(group, name));
