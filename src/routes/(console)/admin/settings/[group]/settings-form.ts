import type { ShownSetting } from '#lib/contract/settings/settings-page.ts';

/** What was typed and has not been saved, by the names of the fields; a box that is not ticked is not among them. */
export type Typed = Readonly<Record<string, string>>;

/** Keeps what can have been typed. */
export const typedOf = (values: Readonly<Record<string, unknown>>): Typed =>
	Object.fromEntries(
		Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
	);

/** Settings of one part of a group stand together. */
export interface Part {
	readonly title: string;
	readonly lead: string;
	readonly settings: readonly ShownSetting[];
}

export function partsOf(settings: readonly ShownSetting[]): Part[] {
	const titles = [...new Set(settings.map(({ section }) => section?.title ?? ''))];
	return titles.map((title) => {
		const own = settings.filter(({ section }) => (section?.title ?? '') === title);
		return { title, lead: own[0]?.section?.description ?? '', settings: own };
	});
}

/** Says a value in a word or two. */
export const wordsFor = (value: string | boolean): string =>
	typeof value === 'boolean' ? (value ? 'on' : 'off') : value || 'empty';

/** Finds fault with what is typed for a number before it is sent; the server judges everything. */
export function faultIn({ kind, min, max, isNullable }: ShownSetting, text: string): string | null {
	if (kind !== 'number') return null;
	if (text.trim() === '') return isNullable ? null : 'This is no number.';
	const value = Number(text);
	if (Number.isNaN(value)) return 'This is no number.';
	if (min !== null && value < min) return `Use ${min} or more.`;
	return max !== null && value > max ? `Use ${max} or less.` : null;
}
