import { isEqual, isObject, type JsonObject, type JsonValue } from './sparse-document.ts';

/** Single settings by their path, `notifications.smtp.enabled`. A list is one setting. */
export type Leaves = ReadonlyMap<string, JsonValue>;

export const leavesOf = (document: JsonObject): Leaves => new Map(entriesOf(document, ''));

function entriesOf(document: JsonObject, prefix: string): (readonly [string, JsonValue])[] {
	return Object.entries(document).flatMap(([key, value]) =>
		isObject(value) ? entriesOf(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value] as const]
	);
}

/** Gives a document other values at the paths that it has; what `changes` does not name stays. */
export function withLeaves(document: JsonObject, changes: Leaves, prefix = ''): JsonObject {
	const changed = Object.entries(document).map(([key, value]) => {
		const path = prefix + key;
		if (isObject(value)) return [key, withLeaves(value, changes, `${path}.`)] as const;
		return [key, changes.has(path) ? (changes.get(path) ?? null) : value] as const;
	});
	return Object.fromEntries(changed);
}

/** Lists what is not the same in two documents; what one of them does not have is null there. */
export function changedLeaves(from: JsonObject, to: JsonObject): { path: string; from: JsonValue; to: JsonValue }[] {
	const [before, after] = [leavesOf(from), leavesOf(to)];
	return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
		const [value, other] = [before.get(path) ?? null, after.get(path) ?? null];
		return isEqual(value, other) ? [] : [{ path, from: value, to: other }];
	});
}
