import type { z } from 'zod';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };

/** A stored value that could not be used, and why. The default stands in its place. */
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
 * Keeps what differs from the defaults, so that a later release may improve a default that nobody has changed.
 * Null and the empty string are not kept, as in Immich: blanking a setting restores its default.
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
 * Fills a stored document up with the defaults. It never fails on what is stored: a setting that `schema` refuses falls back to its
 * default and is listed among the problems. Keys that the defaults do not have are dropped.
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
		// A rule over several settings is judged only once each is right by itself, hence the rounds. One that is still broken
		// where its setting has the default already leaves nothing but the defaults as a whole.
		if (problems.size === known) return { config: schema.parse(defaults), problems: [...problems.values()] };
	}
}

/** Lays `changes` over the keys that `base` has. A list is replaced whole; undefined changes nothing. */
export function overlay(base: JsonObject, changes: unknown): unknown {
	if (!isObject(changes)) return changes === undefined ? base : changes;
	const merged: UnknownObject = {};
	for (const [key, value] of Object.entries(base)) {
		const change = changes[key];
		merged[key] = isObject(value) ? overlay(value, change) : change === undefined ? value : change;
	}
	return merged;
}

/** Cuts an issue's path, which may lead into a list, down to the setting that can be given back its default. */
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

export function isObject(value: JsonValue | undefined): value is JsonObject;
export function isObject(value: unknown): value is UnknownObject;
export function isObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Writes a value as a field shows it: text as it is, everything else as JSON. */
export const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Compares two values by what they hold. */
export function isEqual(one: JsonValue, other: JsonValue | undefined): boolean {
	if (Array.isArray(one))
		return Array.isArray(other) && one.length === other.length && one.every((item, at) => isEqual(item, other[at]));
	return one === other;
}
