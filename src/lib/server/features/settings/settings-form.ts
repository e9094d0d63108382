import { z } from 'zod';
import { formErrors, formMessageOf } from '#lib/contract/form-messages.ts';
import type { SettingsGroup } from '#lib/contract/settings/groups/index.ts';
import { toLeaves, withLeaves } from '#lib/contract/settings/document/leaves.ts';
import type { SettingField } from '#lib/contract/settings/document/setting-fields.ts';
import { toText, type JsonObject, type JsonValue } from '#lib/contract/settings/document/sparse-document.ts';
import { settingsRefused } from './errors.ts';

/** The values of a settings form, by field name. */
export type PostedSettings = Readonly<Record<string, string>>;

/** The fields locked by the environment; their values stay unchanged. */
export type LockedNames = ReadonlySet<string>;

export const JsonGroup = z.record(z.string(), z.json());

/** Resets one field to its default if its reset button was used without JavaScript. */
export function withReset(group: SettingsGroup, { toDefault, ...posted }: PostedSettings): PostedSettings {
	const standard = toDefault === undefined ? undefined : toLeaves(group.defaults).get(toDefault);
	if (toDefault === undefined || standard === undefined) return posted;
	const { [toDefault]: _, ...others } = posted;
	if (standard === false) return others;
	return { ...others, [toDefault]: standard === true ? 'on' : standard === null ? '' : toText(standard) };
}

const number = /^\s*[-+]?\d+(\.\d+)?\s*$/;

/**
 * Converts typed values to a settings group, validated by its schema. `shown` is the group as the form would show it now.
 * @throws {AppError} 400 with a message for each invalid field
 */
export function readTyped(
	group: SettingsGroup,
	shown: JsonObject,
	posted: PostedSettings,
	locked: LockedNames
): JsonObject {
	return group.fields.length > 0
		? readFields(group, shown, posted, locked)
		: readJson(group, shown, posted['json'] ?? '');
}

function readFields(group: SettingsGroup, shown: JsonObject, posted: PostedSettings, locked: LockedNames): JsonObject {
	const now = toLeaves(shown);
	const open = group.fields.filter(({ name }) => !locked.has(name));
	const typed = open.map((field) => [field.name, readValue(field, posted, now.get(field.name) ?? null)] as const);
	const candidate = withLeaves(shown, new Map(typed));
	const { success, error } = group.schema.safeParse(candidate, { error: formErrors });
	if (success) return candidate;
	throw settingsRefused(Object.fromEntries(error.issues.map((issue) => [issue.path.join('.'), formMessageOf(issue)])));
}

function readValue({ name, kind, isNullable }: SettingField, posted: PostedSettings, now: JsonValue): JsonValue {
	const text = posted[name] ?? '';
	switch (kind) {
		case 'switch':
			return name in posted;
		case 'secret':
			if (`${name}.remove` in posted) return '';
			return text === '' ? now : text;
		case 'number':
			if (isNullable && text.trim() === '') return null;
			return number.test(text) ? Number(text) : text;
		case 'lines':
			// Forms send CR LF line breaks, which alone don't make a value changed.
			return isUnchanged(now, text, inUnixLines) ? now : inUnixLines(text);
		default:
			return isUnchanged(now, text, trimmed) ? now : trimmed(text);
	}
}

const inUnixLines = (text: string): string => text.replaceAll('\r\n', '\n');
const trimmed = (text: string): string => text.trim();
const isUnchanged = (now: JsonValue, text: string, even: (text: string) => string): boolean =>
	typeof now === 'string' && even(now) === even(text);

function readJson(group: SettingsGroup, shown: JsonObject, text: string): JsonObject {
	const typed = parseJson(text);
	const known = toLeaves(shown);
	const unknown = [...toLeaves(typed).keys()].find((path) => !known.has(path));
	if (unknown !== undefined) throw settingsRefused({ json: `There is no setting ‘${unknown}’.` });
	const { data, error } = group.schema.safeParse(typed);
	const [issue] = error?.issues ?? [];
	if (issue) throw settingsRefused({ json: `${issue.path.join('.')}: ${issue.message}` });
	return withLeaves(shown, toLeaves(JsonGroup.parse(data)));
}

function parseJson(text: string): JsonObject {
	try {
		return JsonGroup.parse(JSON.parse(text));
	} catch (error) {
		const reason = error instanceof SyntaxError ? error.message : 'it must begin with { and end with }';
		throw settingsRefused({ json: `This is no JSON object: ${reason}` });
	}
}
