import type { SettingsReview } from '#lib/contract/settings/settings-operations.ts';
import type { SettingsGroup } from '#lib/contract/settings/groups/index.ts';
import { toLeaves, withLeaves, type Leaves } from '#lib/contract/settings/document/leaves.ts';
import { maskSecrets, secretMask } from '#lib/contract/settings/document/secrets.ts';
import { isEqual, toText, type JsonObject, type JsonValue } from '#lib/contract/settings/document/sparse-document.ts';
import { withStoredSecrets } from './settings-secrets.ts';
import { isSecretInGroup, getPart, withPart } from './settings-part.ts';
import { JsonGroup, readTyped, type LockedNames, type PostedSettings } from './settings-form.ts';
import { asSaved } from './settings-writer.ts';

/** The document as a form would change it, and how that is shown before saving. */
export interface Proposal {
	readonly document: JsonObject;
	readonly changes: SettingsReview['changes'];
	readonly isConflict: boolean;
}

/** The current document, and the version of the group in it. */
export interface Standing {
	readonly document: JsonObject;
	readonly version: string;
}

interface Compared {
	readonly name: string;
	readonly before: JsonValue;
	readonly theirs: JsonValue;
	readonly mine: JsonValue;
	readonly isConflict: boolean;
	/** The value to save, as far as that is decided. */
	readonly outcome: JsonValue;
}

/**
 * Compares the form's initial values, what was typed and the current values. A setting changed by only one of two admins gets
 * that admin's value; if both changed it, the later admin chooses, having seen both.
 */
export function proposeSettings(
	group: SettingsGroup,
	{ document: current, version }: Standing,
	posted: PostedSettings,
	locked: LockedNames
): Proposal {
	const shown = getPart(group, maskSecrets(current));
	const typed = readTyped(group, shown, posted, locked);
	const isSeen = posted['version'] === version;
	const compared = compare(
		group,
		{ base: readBase(posted, shown), theirs: toLeaves(shown), mine: toLeaves(typed) },
		isSeen,
		posted
	);
	const merged = withLeaves(shown, new Map(compared.map(({ name, outcome }) => [name, outcome])));
	const getName = (path: string) => (group.prefix === '' ? path : path.slice(group.prefix.length + 1));
	const wanted = withStoredSecrets(withPart(group, current, merged), current, getName);
	const document = asSaved(group.document, wanted);
	const saved = toLeaves(getPart(group, maskSecrets(document)));
	return {
		document,
		changes: compared
			.filter(({ mine, theirs, isConflict }) => isConflict || !isEqual(mine, theirs))
			.map((one) => toChange(group, one, saved)),
		isConflict: compared.some(({ name, isConflict }) => isConflict && readChoice(posted, name, isSeen) === null)
	};
}

/** The form's initial values. They only decide whose change is whose, so forging them gains nothing. */
function readBase(posted: PostedSettings, shown: JsonObject): Leaves {
	try {
		return toLeaves(JsonGroup.parse(JSON.parse(posted['base'] ?? '')));
	} catch {
		return toLeaves(shown);
	}
}

function compare(
	group: SettingsGroup,
	{ base, theirs: now, mine: typed }: { base: Leaves; theirs: Leaves; mine: Leaves },
	isSeen: boolean,
	posted: PostedSettings
): Compared[] {
	return [...now].map(([name, theirs]) => {
		const before = base.get(name) ?? (base.has(name) ? null : theirs);
		const typedValue = typed.get(name) ?? null;
		const isMine = !isEqual(typedValue, before);
		const mine = isMine ? typedValue : theirs;
		// Masked secrets look alike, so any other version of the group counts as a change.
		const isTheirs = !isEqual(theirs, before) || (isSecretInGroup(group, name) && !isSeen && theirs !== '');
		const isConflict = isMine && isTheirs && !isEqual(mine, theirs);
		const isGivenUp = isConflict && readChoice(posted, name, isSeen) === 'theirs';
		return { name, before, theirs, mine, isConflict, outcome: isGivenUp ? theirs : mine };
	});
}

/** A choice counts only if it was made with the current values in view. */
function readChoice(posted: PostedSettings, name: string, isSeen: boolean): 'theirs' | 'yours' | null {
	const choice = posted[`choice.${name}`];
	return isSeen && (choice === 'theirs' || choice === 'yours') ? choice : null;
}

function toChange(group: SettingsGroup, { name, before, theirs, mine, isConflict }: Compared, saved: Leaves) {
	const isSecret = isSecretInGroup(group, name);
	const words = (value: JsonValue) => (isSecret ? secretWords(value) : written(value));
	return {
		name,
		title: group.fields.find((field) => field.name === name)?.title ?? name,
		from: words(isConflict ? before : theirs),
		// A blanked setting gets its default.
		to: words(isConflict || isSecret ? mine : (saved.get(name) ?? null)),
		theirs: isConflict ? (isSecret ? 'perhaps another one' : words(theirs)) : null
	};
}

function secretWords(value: JsonValue): string {
	if (value === '') return 'none';
	return value === secretMask ? 'the current one' : 'a new one';
}

function written(value: JsonValue): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	if (value === null || value === '') return 'empty';
	return Array.isArray(value) ? value.map(toText).join(', ') || 'empty' : toText(value);
}
