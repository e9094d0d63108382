import type { RecordedChanges, RecordedValue } from '#lib/contract/audit/audit.ts';
import type { DocumentName } from '#lib/contract/settings/groups/index.ts';
import { changedLeaves, toLeaves } from '#lib/contract/settings/document/leaves.ts';
import { toText, type JsonObject, type JsonValue } from '#lib/contract/settings/document/sparse-document.ts';

/**
 * Lists the changed settings for the audit log, which masks secrets itself. Of an added or removed provider it lists only the
 * values that were set.
 */
export function recordedSettings(
	document: DocumentName,
	from: JsonObject,
	to: JsonObject,
	isSet: (path: string) => boolean
): RecordedChanges {
	const prefix = document === 'system' ? 'settings' : 'settings.security';
	const [before, after] = [toLeaves(from), toLeaves(to)];
	const recordable = changedLeaves(from, to).filter(({ path }) => (before.has(path) && after.has(path)) || isSet(path));
	return Object.fromEntries(
		recordable.map((change) => [`${prefix}.${change.path}`, { from: recorded(change.from), to: recorded(change.to) }])
	);
}

function recorded(value: JsonValue): RecordedValue {
	if (Array.isArray(value)) return value.map((item) => withoutPassword(toText(item)));
	if (typeof value === 'string') return withoutPassword(value);
	return typeof value === 'object' ? null : value;
}

/** Masks a password in a URL, such as one for a gateway in front (RFC 3986 §3.2.1). */
export const withoutPassword = (text: string): string => text.replace(/(\/\/[^/?#\s@:]*):[^/?#\s]*@/g, '$1:…@');
