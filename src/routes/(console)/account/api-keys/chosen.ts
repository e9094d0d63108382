import type { Answer } from '#lib/console/forms/form-result.ts';

/** The permissions that were ticked in a form that was refused, or those that stand there at first. */
export function chosenOf(answer: Answer | null, initial: readonly string[]): readonly string[] {
	const ticked = answer?.values?.['permissions'];
	return Array.isArray(ticked) ? ticked.filter((permission) => typeof permission === 'string') : initial;
}
