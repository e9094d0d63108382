/** A form action's response as a page reads it: field errors, or success data. */
export interface Answer {
	readonly message?: string | null;
	readonly correlationId?: string;
	readonly errors?: Readonly<Record<string, readonly string[]>>;
	readonly values?: Readonly<Record<string, unknown>>;
}

/** The errors of one field. */
export const getErrors = (answer: Answer | null, field: string): readonly string[] | undefined =>
	answer?.errors?.[field];

/** The submitted text of a field after an error, or its initial value. */
export function getText(answer: Answer | null, field: string, initial = ''): string {
	const typed = answer?.values?.[field];
	return typeof typed === 'string' ? typed : initial;
}

/** Like `getText`, for a checkbox. */
export function isChecked(answer: Answer | null, field: string, initial: boolean): boolean {
	const ticked = answer?.values?.[field];
	return typeof ticked === 'boolean' ? ticked : initial;
}
