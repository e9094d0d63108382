import { isEqual, isObject, type JsonObject, type JsonValue } from './sparse-document.ts';

/** Settings by path, `notifications.smtp.enabled`. A list counts as one setting. */
export type Leaves = ReadonlyMap<string, JsonValue>;

/** Lists the values of a document by their path, such as `oauth.enabled`. */
export const toLeaves = (document: JsonObject): Leaves => new Map(listEntries(document, ''));

function listEntries(document: JsonObject, prefix: string): (readonly [string, JsonValue])[] {
	return Object.entries(document).flatMap(([key, value]) =>
		isObject(value) ? listEntries(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value] as const]
	);
}

/** Replaces values at paths the document already has; all others stay. */
export function withLeaves(document: JsonObject, changes: Leaves, prefix = ''): JsonObject {
	const changed = Object.entries(document).map(([key, value]) => {
		const path = prefix + key;
		if (isObject(value)) return [key, withLeaves(value, changes, `${path}.`)] as const;
		return [key, changes.has(path) ? (changes.get(path) ?? null) : value] as const;
	});
	return Object.fromEntries(changed);
}

/** Lists the differences between two documents; a missing value is null. */
export function changedLeaves(from: JsonObject, to: JsonObject): { path: string; from: JsonValue; to: JsonValue }[] {
	const [before, after] = [toLeaves(from), toLeaves(to)];
	return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
		const [value, other] = [before.get(path) ?? null, after.get(path) ?? null];
		return isEqual(value, other) ? [] : [{ path, from: value, to: other }];
	});
}
