/** What a form's action answered, as a page reads it: refused with messages, or accepted with something to say. */
export interface Answer {
	readonly message?: string | null;
	readonly correlationId?: string;
	readonly errors?: Readonly<Record<string, readonly string[]>>;
	readonly values?: Readonly<Record<string, unknown>>;
}

/** The messages at one field. */
export const errorsOf = (answer: Answer | null, field: string): readonly string[] | undefined =>
	answer?.errors?.[field];

/** What was typed into a field that was refused, or what stands there at first. */
export function textOf(answer: Answer | null, field: string, initial = ''): string {
	const typed = answer?.values?.[field];
	return typeof typed === 'string' ? typed : initial;
}

/** The same for a box to tick. */
export function isTicked(answer: Answer | null, field: string, initial: boolean): boolean {
	const ticked = answer?.values?.[field];
	return typeof ticked === 'boolean' ? ticked : initial;
}
