import { z } from 'zod';
import { withFormMessage } from './form-messages.ts';

const typeName = (input: unknown) => (input === null ? 'object' : typeof input);

export { email, typedEmail } from './email.ts';

/** A UUID v4, as used for all entity IDs. */
export const uuid = z.uuidv4({ error: 'Invalid UUID' });

export const idParams = z.object({ id: uuid });

/** The ID of an object as it is stored: clients may send it in upper case. */
export const objectId = uuid.toLowerCase();
export const objectIdParams = z.object({ id: objectId });

/** A UTC timestamp with milliseconds, `2026-07-21T10:00:00.000Z`. */
export const dateTime = z.iso.datetime();

/** Leaves room for any precision of fractional seconds. */
export const maxMomentCharacters = 64;

/** A timestamp sent by a client, in years 1000 to 9999, which every database can store. */
export const sentMoment = z.iso
	.datetime({
		// Report a single issue, however long the invalid text is.
		abort: true,
		error: (issue) => `Invalid input: expected ISO 8601 datetime string, received ${typeName(issue.input)}`
	})
	.max(maxMomentCharacters)
	.refine((moment) => !moment.startsWith('0'), { error: 'Invalid input: expected a date from the year 1000 on' });

/** A date in years 1000 to 9999, `2026-07-21`. */
export const isoDate = z.iso
	.date({ error: (issue) => `Invalid input: expected ISO date string (YYYY-MM-DD), received ${typeName(issue.input)}` })
	.refine((date) => !date.startsWith('0'), { error: 'Invalid input: expected a date from the year 1000 on' });

/** A position in a paged list, as an earlier response returned it. */
export const cursor = z.string().regex(/^[\w-]{1,1000}$/, 'Invalid cursor');

/** A page's query: the page after or before a position, or before the `end`. Invalid values are ignored. */
export const pageFields = { after: cursor.optional().catch(undefined), before: cursor.optional().catch(undefined) };

/** `true` or `false` as text in a query string. */
export const queryBoolean = z.enum(['true', 'false']).transform((value) => value === 'true');

/** Marks a text as secret: forms don't show it again. */
export const secret = <Text extends z.ZodType>(text: Text): Text => text.meta({ format: 'password' });
/** Whether a field is marked with `secret`. */
export const isSecret = (schema: z.core.$ZodType): boolean =>
	z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).format === 'password';

export const minPasswordCharacters = 8;
/** bcrypt reads no more than this; a longer password would be silently truncated. */
export const maxPasswordBytes = 72;

const encoder = new TextEncoder();
/** Length in UTF-8. */
export const byteLength = (text: string): number => encoder.encode(text).length;

function checkPassword({ value, issues }: z.core.ParsePayload<string>): void {
	// Count code points, not surrogate halves (NIST 800-63B).
	if ([...value].length < minPasswordCharacters)
		issues.push({ code: 'too_small', origin: 'string', minimum: minPasswordCharacters, inclusive: true, input: value });
	if (byteLength(value) > maxPasswordBytes)
		issues.push(
			withFormMessage(
				{
					code: 'too_big',
					origin: 'string',
					maximum: maxPasswordBytes,
					inclusive: true,
					input: value,
					message: `Too long: a password may have at most ${maxPasswordBytes} bytes`
				},
				`Use at most ${maxPasswordBytes} bytes; letters with accents take two or more.`
			)
		);
}

/** A new password: at least 8 characters, at most 72 bytes. */
export const newPassword = z
	.string()
	.check(checkPassword)
	.meta({ minLength: minPasswordCharacters, maxLength: maxPasswordBytes, format: 'password' });

/** Like `newPassword`, but empty text means no password is set. */
export const newPasswordOrEmpty = z
	.string()
	.check((payload) => {
		if (payload.value !== '') checkPassword(payload);
	})
	.meta({ maxLength: maxPasswordBytes, format: 'password' });

/** A password to verify; Immich may have stored one longer than bcrypt reads. */
export const sentPassword = secret(z.string().max(4_096));

/** A name as clients send it; the console's forms allow less. */
export const sentName = z.string().max(1_000);

export const quotaInBytes = z.int().min(0);
export const pinCode = secret(z.string().regex(/^\d{6}$/));
