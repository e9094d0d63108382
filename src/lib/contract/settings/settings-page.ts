import type { SettingField } from './document/setting-fields.ts';

/** A setting as its form shows it. */
export interface ShownSetting extends SettingField {
	/** As it stands in a field: a number as text, a secret not at all. */
	readonly value: string | boolean;
	readonly defaultValue: string | boolean;
	readonly isDefault: boolean;
	/** For a secret, whether there is one. */
	readonly isSet: boolean;
	/** The variable of the environment that decides it; null where the form does. */
	readonly lockedBy: string | null;
}

/** A group as a list names it. */
export interface GroupSummary {
	readonly id: string;
	readonly title: string;
	readonly description: string;
	/** How many settings differ from their defaults. */
	readonly changedCount: number;
	/** This server acts on it, and has a form for it. */
	readonly hasForm: boolean;
}

export interface GroupPage extends GroupSummary {
	/** Whose settings these are, where they describe a provider that can be tried. */
	readonly providerId: string | null;
	readonly settings: readonly ShownSetting[];
	/** The group as JSON, where it has no form. */
	readonly json: { readonly text: string; readonly defaultText: string } | null;
	/** The variable of the environment that decides all of it. */
	readonly lockedBy: string | null;
	/** The state that the form is made from, and what it holds: to tell what another administrator has changed meanwhile. */
	readonly version: string;
	readonly base: string;
}

/** A setting that a search has found. */
export interface FoundSetting {
	readonly groupId: string;
	readonly groupTitle: string;
	readonly name: string;
	readonly title: string;
	readonly description: string;
	readonly isDefault: boolean;
}
