type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** A form action's errors for one field: a string, a list, or nothing. */
export type FieldErrors = string | readonly string[] | null | undefined;

const getFirst = (errors: FieldErrors): string | null => (typeof errors === 'string' ? errors : errors?.[0]) || null;

/** Detects text that is clearly not an email; the server checks the rest. Null for empty text. */
export const emailProblem = (text: string): string | null =>
	text === '' || /^[^\s@]+@[^\s@]+$/.test(text.trim()) ? null : 'Enter a valid email address, like name@example.com.';

/** Explains in our own words why a control is invalid; null if it is valid. */
export function explainValidity(control: Control, label: string): string | null {
	const { validity } = control;
	if (validity.valid) return null;
	if (validity.customError) return control.validationMessage;
	if (validity.valueMissing)
		return control.type === 'checkbox' ? `Check “${label}” to continue.` : `${label} is missing.`;
	if (validity.typeMismatch) return 'Enter a valid URL, like https://photos.example.com.';
	if (control instanceof HTMLInputElement) {
		if (validity.tooShort) return `Use at least ${control.minLength} characters; this has ${control.value.length}.`;
		if (validity.tooLong) return `Use at most ${control.maxLength} characters; this has ${control.value.length}.`;
		if (validity.patternMismatch) return control.title || `${label} has an invalid format.`;
		if (validity.rangeUnderflow) return `Use ${control.min} or more.`;
		if (validity.rangeOverflow) return `Use ${control.max} or less.`;
	}
	return control.validationMessage;
}

/** Manages a field's single error: the server's until the user edits, then the browser's on blur. Needs no enhanced form. */
export class FieldError {
	readonly #label: () => string;
	#isEdited = false;
	/** Set by the handlers; replaced by a new server response. */
	message: string | null;

	constructor(label: () => string, fromServer: () => FieldErrors) {
		this.#label = label;
		this.message = $derived(getFirst(fromServer()));
	}

	readonly onblur = ({ currentTarget }: { currentTarget: Control }): void => {
		if (this.#isEdited) this.message = explainValidity(currentTarget, this.#label()) ?? this.message;
	};

	readonly oninput = (event: Event & { currentTarget: Control }): void => {
		const { currentTarget } = event;
		this.#isEdited = !(event instanceof CustomEvent);
		if (!this.#isEdited) this.message = null;
		// While typing, an error can change or disappear but never appear.
		if (this.message !== null) this.message = explainValidity(currentTarget, this.#label());
	};

	readonly oninvalid = (event: Event & { currentTarget: Control }): void => {
		event.preventDefault();
		this.message = explainValidity(event.currentTarget, this.#label());
	};
}
