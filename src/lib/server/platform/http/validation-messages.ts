/** Validation messages of the API, and how a form words them for users. */
const words: readonly (readonly [RegExp, string])[] = [
	[/^Invalid input: expected email/, 'This is no e-mail address. One looks like name@example.org.'],
	[/^Too small: expected array to have >=1 items$/, 'Choose at least one.'],
	[/^Too small: expected string to have >=(\d+) characters$/, 'Use at least $1 characters.'],
	[/^Too big: expected string to have <=(\d+) characters$/, 'Use at most $1 characters.'],
	[
		/^Too long: a password may have at most (\d+) bytes$/,
		'Use at most $1 bytes; letters with accents take two or more.'
	],
	[/^Invalid input: expected file/, 'Choose a file first.'],
	[/^Too small: expected number to be >=(.+)$/, 'Use $1 or more.'],
	[/^Too big: expected number to be <=(.+)$/, 'Use $1 or less.'],
	[/^Invalid input: expected int, received number$/, 'Use a whole number.'],
	[/^Invalid input: expected number, received \w+$/, 'This is no number.'],
	[/^Invalid input: expected string in HH:MM format, .*$/, 'Write it as hours and minutes, such as 03:30.'],
	[/^Invalid cron expression\. (.*)$/, 'This is no cron expression: $1.'],
	[/^Invalid option: .*$/, 'Choose one of the list.']
];

/** Returns a validation message in plain words; one without a match stays unchanged. */
export function inPlainWords(message: string): string {
	const found = words.find(([pattern]) => pattern.test(message));
	return found ? message.replace(...found) : message;
}
