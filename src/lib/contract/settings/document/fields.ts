import { validateCronExpression } from '#cron';
import { z } from 'zod';
import { withFormMessage } from '../../form-messages.ts';

/** Immich accepts both strings as booleans in its configuration: config files are often generated from environment text. */
export const flexibleBoolean = z.preprocess(
	(value) => (value === 'true' ? true : value === 'false' ? false : value),
	z.boolean()
);

/** Makes `schema` also accept a numeric string, as Immich does in `ffmpeg`. */
export const fromNumericText = <Schema extends z.ZodType>(schema: Schema) =>
	z.preprocess(
		(value) => (typeof value === 'string' && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value),
		schema
	);

/** A one-line setting. */
export const settingText = z.string().max(10_000);

/** A setting that can hold a whole document. */
export const settingDocument = z.string().max(500_000);

/** Maximum number of items in a list setting. */
export const mostItems = 1_000;

export const surroundingSpaces = 'Remove the spaces before and after it';

/** Spaces and invisible characters at either end. */
const surrounded = /^[\s\p{Default_Ignorable_Code_Point}]|[\s\p{Default_Ignorable_Code_Point}]$/u;

/** Text where leading or trailing spaces are always a copy-and-paste mistake. */
export const copiedText = settingText.refine((text) => !surrounded.test(text), surroundingSpaces);

/**
 * An empty string or an http(s) URL. Other schemes are refused although Immich accepts them: these URLs become links and
 * redirects, and `host:port` would parse as a scheme.
 */
export const webUrlOrEmpty = (message: string) =>
	copiedText
		.refine((text) => text === '' || isWebUrl(text), message)
		.refine((text) => !hasCredentials(text), credentialsInUrl);

/** These URLs are shown to users and visitors, including any credentials in them. */
export const credentialsInUrl = 'The address must not contain a user name or password';

/** Whether a URL contains a user name or password. */
export const hasCredentials = (text: string): boolean => {
	if (!URL.canParse(text)) return false;
	const { username, password } = new URL(text);
	return username !== '' || password !== '';
};

/** Removes the user name and password from a URL. */
export function withoutCredentials(text: string): string {
	if (!hasCredentials(text)) return text;
	const url = new URL(text);
	url.username = '';
	url.password = '';
	return url.href;
}

const isUrl = (text: string) => z.url().safeParse(text).success;

/** A URL of any scheme without user name or password. */
export const isPlainUrl = (text: string) => isUrl(text) && !hasCredentials(text);

const isWebUrl = (text: string) => z.url({ protocol: /^https?$/ }).safeParse(text).success;

/**
 * Checked with the library that schedules Immich's jobs, so it accepts the same expressions, with the same
 * messages. Fields are checked separately: 31 February passes. In a browser nothing is checked; the server does that.
 */
export const cronExpression = settingText.superRefine((expression, context) => {
	const { error } = validateCronExpression(expression);
	if (!error) return;
	const issue = { code: 'custom', message: `Invalid cron expression. ${error.message}` } as const;
	context.addIssue(withFormMessage(issue, `This is not a cron expression: ${error.message}.`));
});

const refusedTime = ({ input }: { input?: unknown }) =>
	`Invalid input: expected string in HH:MM format, received ${z.util.parsedType(input)}`;

const time = /^([01]\d|2[0-3]):[0-5]\d$/;

export const timeOfDay = z
	.string({ error: refusedTime })
	.check(({ value, issues }) => {
		if (time.test(value)) return;
		const pattern = String(time);
		issues.push(
			withFormMessage(
				{
					origin: 'string',
					code: 'invalid_format',
					format: 'regex',
					pattern,
					input: value,
					message: refusedTime({ input: value })
				},
				'Write it as hours and minutes, such as 03:30.'
			)
		);
	})
	.meta({ pattern: time.source });
