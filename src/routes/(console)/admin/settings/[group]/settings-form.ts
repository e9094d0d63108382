import type { ShownSetting } from '#lib/contract/settings/settings-page.ts';

/** Submitted but unsaved input, by field name; unchecked boxes are missing. */
export type Typed = Readonly<Record<string, string>>;

/** Keeps the values a user can type. */
export const toTyped = (values: Readonly<Record<string, unknown>>): Typed =>
	Object.fromEntries(
		Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
	);

/** Settings of one section of a group. */
export interface Part {
	readonly title: string;
	readonly lead: string;
	readonly settings: readonly ShownSetting[];
}

export function listParts(settings: readonly ShownSetting[]): Part[] {
	const titles = [...new Set(settings.map(({ section }) => section?.title ?? ''))];
	return titles.map((title) => {
		const own = settings.filter(({ section }) => (section?.title ?? '') === title);
		return { title, lead: own[0]?.section?.description ?? '', settings: own };
	});
}

/** Describes a value in one or two words. */
export const wordsFor = (value: string | boolean): string =>
	typeof value === 'boolean' ? (value ? 'on' : 'off') : value || 'empty';

/** Checks a number before it is sent; the server validates everything. */
export function faultIn({ kind, min, max, isNullable }: ShownSetting, text: string): string | null {
	if (kind !== 'number') return null;
	if (text.trim() === '') return isNullable ? null : 'Enter a number.';
	const value = Number(text);
	if (Number.isNaN(value)) return 'Enter a number.';
	if (min !== null && value < min) return `Use ${min} or more.`;
	return max !== null && value > max ? `Use ${max} or less.` : null;
}
