import type { Answer } from '#lib/console/forms/form-result.ts';

/** The permissions submitted in a rejected form, or the initial ones. */
export function getChosen(answer: Answer | null, initial: readonly string[]): readonly string[] {
	const ticked = answer?.values?.['permissions'];
	return Array.isArray(ticked) ? ticked.filter((permission) => typeof permission === 'string') : initial;
}
