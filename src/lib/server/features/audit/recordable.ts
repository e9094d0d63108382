import { isSecretSetting } from '#lib/contract/settings/document/secrets.ts';
import {
	recordedFields,
	type RecordedChange,
	type RecordedChanges,
	type RecordedValue
} from '#lib/contract/audit/audit.ts';

/** The changes as stored. */
export type StoredChanges = Record<string, { from: StoredValue; to: StoredValue }>;
type StoredValue = string | number | boolean | string[] | null;

const longestText = 500;
const known = new Set<string>(recordedFields);

/** Keeps only the fields that may be recorded, whatever the caller's types allow; null if none are left. */
export function recordable(changes: RecordedChanges): StoredChanges | null {
	const entries = Object.entries<RecordedChange | undefined>(changes).flatMap(([field, change]) =>
		change && (known.has(field) || /^(preferences|settings)\./.test(field))
			? [[field, storable(field, change)] as const]
			: []
	);
	return entries.length > 0 ? Object.fromEntries(entries) : null;
}

/** For a secret, only the fact that it changed is recorded, whatever the input. */
const storable = (field: string, { from, to }: RecordedChange) =>
	isSecretSetting(field.replace(/^settings\.(security\.)?/, ''))
		? { from: null, to: 'changed' }
		: { from: stored(from), to: stored(to) };

function stored(value: RecordedValue): StoredValue {
	if (Array.isArray(value)) return [...value];
	return typeof value === 'string' ? value.slice(0, longestText) : value;
}
