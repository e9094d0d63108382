import type { z } from 'zod';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };

/** An unusable stored value and the reason. Its default is used instead. */
export interface DocumentProblem {
	readonly path: readonly string[];
	readonly message: string;
}

export interface MergedDocument<Document> {
	readonly config: Document;
	readonly problems: readonly DocumentProblem[];
}

type UnknownObject = Record<string, unknown>;

/**
 * Keeps only what differs from the defaults, so that a later release can improve a default nobody changed. Null and empty
 * strings are dropped, as in Immich: clearing a setting restores its default.
 */
export function diffDocument(document: JsonObject, defaults: JsonObject): JsonObject {
	const sparse: JsonObject = {};
	for (const [key, value] of Object.entries(document)) {
		const standard = defaults[key];
		if (isObject(value) && isObject(standard)) {
			const inner = diffDocument(value, standard);
			if (Object.keys(inner).length > 0) sparse[key] = inner;
		} else if (value !== null && value !== '' && !isEqual(value, standard)) {
			sparse[key] = value;
		}
	}
	return sparse;
}

/**
 * Merges a stored document with the defaults. Never fails: a setting `schema` rejects falls back to its default and is listed
 * in the problems. Keys missing from the defaults are dropped.
 */
export function mergeDocument<Schema extends z.ZodType<JsonObject>>(
	schema: Schema,
	defaults: z.output<Schema>,
	stored: unknown
): MergedDocument<z.output<Schema>> {
	const problems = new Map<string, DocumentProblem>();
	let candidate = overlay(defaults, stored ?? {});
	for (;;) {
		const result = schema.safeParse(candidate);
		if (result.success) return { config: result.data, problems: [...problems.values()] };
		const known = problems.size;
		for (const { path, message } of result.error.issues) {
			const setting = settingAt(path, defaults);
			const name = setting.join('.');
			if (problems.has(name)) continue;
			problems.set(name, { path: setting, message });
			candidate = withDefault(candidate, defaults, setting);
		}
		// Rules over several settings run only once each setting is valid, hence the loop. If such a rule still fails after its
		// setting was reset, only the full defaults are safe.
		if (problems.size === known) return { config: schema.parse(defaults), problems: [...problems.values()] };
	}
}

/** Merges `changes` into the keys of `base`. A list is replaced as a whole; undefined changes nothing. */
export function overlay(base: JsonObject, changes: unknown): unknown {
	if (!isObject(changes)) return changes === undefined ? base : changes;
	const merged: UnknownObject = {};
	for (const [key, value] of Object.entries(base)) {
		const change = changes[key];
		merged[key] = isObject(value) ? overlay(value, change) : change === undefined ? value : change;
	}
	return merged;
}

/** Shortens an issue's path, which may point into a list, to the setting that can be reset. */
function settingAt(path: readonly PropertyKey[], defaults: JsonObject): string[] {
	const setting: string[] = [];
	let at: JsonValue | undefined = defaults;
	for (const key of path) {
		if (typeof key !== 'string' || !isObject(at)) break;
		setting.push(key);
		at = at[key];
	}
	return setting;
}

function withDefault(candidate: unknown, defaults: JsonValue | undefined, [key, ...rest]: readonly string[]): unknown {
	if (key === undefined || !isObject(candidate) || !isObject(defaults)) return defaults;
	return { ...candidate, [key]: withDefault(candidate[key], defaults[key], rest) };
}

/** Whether a value is an object, and neither null nor an array. */
export function isObject(value: JsonValue | undefined): value is JsonObject;
export function isObject(value: unknown): value is UnknownObject;
export function isObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Formats a value for a field: text unchanged, everything else as JSON. */
export const toText = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Deep equality. */
export function isEqual(one: JsonValue, other: JsonValue | undefined): boolean {
	if (Array.isArray(one))
		return Array.isArray(other) && one.length === other.length && one.every((item, at) => isEqual(item, other[at]));
	return one === other;
}
