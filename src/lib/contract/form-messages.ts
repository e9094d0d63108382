import type { z } from 'zod';

/**
 * Adds the form's message to an issue whose own message is fixed, because API clients get the one that Immich sends. It is a
 * function, so JSON leaves it out of the API's issues.
 */
export const withFormMessage = <Issue extends object>(issue: Issue, message: string): Issue =>
	Object.assign(issue, { formMessage: () => message });

/** Returns the message that a form shows for an issue. */
export const formMessageOf = (issue: z.core.$ZodIssue & { readonly formMessage?: () => string }): string =>
	issue.formMessage?.() ?? issue.message;

/**
 * The error map of forms: what they say where a schema has no message of its own. Pass it to `safeParse` as `error`; zod's
 * English remains for the codes that are missing here.
 */
export const formErrors: z.core.$ZodErrorMap = (issue) => {
	switch (issue.code) {
		case 'invalid_type':
			return messagesByType[issue.expected];
		case 'invalid_value':
			return issue.values.length > 1 ? 'Choose one from the list.' : undefined;
		case 'too_small':
			if (issue.origin === 'array') return issue.minimum === 1 ? 'Choose at least one.' : undefined;
			if (issue.origin === 'string') return `Use at least ${issue.minimum} characters.`;
			return issue.origin === 'number' && issue.inclusive ? `Use ${issue.minimum} or more.` : undefined;
		case 'too_big':
			if (issue.origin === 'string') return `Use at most ${issue.maximum} characters.`;
			return issue.origin === 'number' && issue.inclusive ? `Use ${issue.maximum} or less.` : undefined;
		default:
			return undefined;
	}
};

const messagesByType: Readonly<Record<string, string>> = {
	file: 'Choose a file first.',
	int: 'Use a whole number.',
	number: 'Enter a number.'
};
