import type { SettingField } from './document/setting-fields.ts';

/** A setting as shown in its form. */
export interface ShownSetting extends SettingField {
	/** The field's text: a number as text, a secret never. */
	readonly value: string | boolean;
	readonly defaultValue: string | boolean;
	readonly isDefault: boolean;
	/** For a secret: whether one is set. */
	readonly isSet: boolean;
	/** The environment variable that locks it; null if editable. */
	readonly lockedBy: string | null;
}

/** A group in a list. */
export interface GroupSummary {
	readonly id: string;
	readonly title: string;
	readonly description: string;
	/** Number of settings that differ from their defaults. */
	readonly changedCount: number;
	/** This server uses the group and has a form for it. */
	readonly hasForm: boolean;
}

export interface GroupPage extends GroupSummary {
	/** ID of the provider if the group describes one that can be tested. */
	readonly providerId: string | null;
	readonly settings: readonly ShownSetting[];
	/** The group as JSON if it has no form. */
	readonly json: { readonly text: string; readonly defaultText: string } | null;
	/** The environment variable that locks the whole group. */
	readonly lockedBy: string | null;
	/** Version and values the form was built from, to detect concurrent changes by other admins. */
	readonly version: string;
	readonly base: string;
}

/** A setting found by a search. */
export interface FoundSetting {
	readonly groupId: string;
	readonly groupTitle: string;
	readonly name: string;
	readonly title: string;
	readonly description: string;
	readonly isDefault: boolean;
}
