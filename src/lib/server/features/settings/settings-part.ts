import type { SettingsGroup } from '#lib/contract/settings/groups/index.ts';
import { isSecretSetting } from '#lib/contract/settings/document/secrets.ts';
import { isObject, type JsonObject, type JsonValue } from '#lib/contract/settings/document/sparse-document.ts';

/** Extracts a group from its document. */
export function getPart({ prefix, except }: SettingsGroup, document: JsonObject): JsonObject {
	const part = toKeys(prefix).reduce<JsonValue | undefined>(
		(at, key) => (isObject(at) ? at[key] : undefined),
		document
	);
	if (!isObject(part)) return {};
	return Object.fromEntries(Object.entries(part).filter(([key]) => !except.includes(key)));
}

/** Merges a group into its document. */
export const withPart = ({ prefix }: SettingsGroup, document: JsonObject, part: JsonObject): JsonObject =>
	putAt(document, toKeys(prefix), part);

function putAt(document: JsonObject, [key, ...rest]: readonly string[], part: JsonObject): JsonObject {
	if (key === undefined) return { ...document, ...part };
	const inner = document[key];
	return { ...document, [key]: putAt(isObject(inner) ? inner : {}, rest, part) };
}

const toKeys = (prefix: string): string[] => (prefix === '' ? [] : prefix.split('.'));

/** The path of a group's setting in its document. */
export const toPath = ({ prefix }: SettingsGroup, name: string): string => (prefix === '' ? name : `${prefix}.${name}`);

/** Whether a setting, named as in its group’s form, is a secret. */
export const isSecretInGroup = (group: SettingsGroup, name: string): boolean => isSecretSetting(toPath(group, name));
