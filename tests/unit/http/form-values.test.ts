import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { typedEmail, newPassword } from '#lib/contract/fields.ts';
import { formErrors, formMessageOf } from '#lib/contract/form-messages.ts';
import { formValues } from '#lib/contract/form-values.ts';

const formOf = (...entries: [string, string | File][]) => {
	const form = new FormData();
	for (const [name, value] of entries) form.append(name, value);
	return form;
};
const file = (text: string) => new File(text === '' ? [] : [text], 'a.txt');

describe('the values of a form', () => {
	const fields = z.object({
		text: z.string(),
		email: typedEmail,
		code: z.string().default('none'),
		note: z.string().optional(),
		isOn: z.boolean(),
		level: z.enum(['low', 'high']),
		ids: z.array(z.string()),
		picture: z.file()
	});

	it.each<[string, [string, string | File][], object]>([
		['nothing', [], {}],
		['texts', [['text', ' a ']], { text: ' a ' }],
		[
			'the last of several',
			[
				['text', 'a'],
				['text', 'b']
			],
			{ text: 'b' }
		],
		['empty fields', ['text', 'code', 'note', 'level'].map((name) => [name, '']), { level: '' }],
		['a checked box', [['isOn', 'on']], { isOn: true }],
		['a box that says false', [['isOn', 'false']], { isOn: false }],
		['a file in place of a box', [['isOn', file('x')]], { isOn: false }],
		[
			'a list',
			[
				['ids', 'a'],
				['ids', '']
			],
			{ ids: ['a', ''] }
		],
		['a file that was not chosen', [['picture', file('')]], {}],
		['an empty file as text', [['text', file('')]], {}],
		[
			'fields without a schema',
			[
				['other', 'x'],
				['__proto__', 'x']
			],
			{}
		]
	])('are read from %s', (_, entries, expected) => {
		const missing = { text: '', email: '', isOn: false, level: 'low', ids: [] };
		expect(formValues(fields, formOf(...entries))).toEqual({ ...missing, ...expected });
	});

	it('include a chosen file', () => {
		const chosen = file('x');
		expect(formValues(fields, formOf(['picture', chosen]))['picture']).toBe(chosen);
	});

	it('include every field of an open form, except a prototype', () => {
		const open = z.object({ version: z.string() }).catchall(z.string());
		const values = formValues(open, formOf(['smtp.host', 'x'], ['__proto__', 'x']));
		expect(Object.entries(values)).toEqual([
			['version', ''],
			['smtp.host', 'x']
		]);
	});
});

describe('the messages of a form', () => {
	it.each<[z.ZodType, unknown, string]>([
		[typedEmail, 'a', 'Enter a valid email address, like name@example.com.'],
		[z.array(z.string()).min(1), [], 'Choose at least one.'],
		[z.string().min(3), 'a', 'Use at least 3 characters.'],
		[z.string().max(3), 'abcd', 'Use at most 3 characters.'],
		[newPassword, 'short', 'Use at least 8 characters.'],
		[newPassword, 'x'.repeat(73), 'Use at most 72 bytes; letters with accents take two or more.'],
		[z.file(), undefined, 'Choose a file first.'],
		[z.number().min(2), 1, 'Use 2 or more.'],
		[z.int().max(2), 3, 'Use 2 or less.'],
		[z.int(), 1.5, 'Use a whole number.'],
		[z.number(), 'x', 'Enter a number.'],
		[z.enum(['a', 'b']), 'c', 'Choose one from the list.'],
		[z.string().min(1, 'Type your password'), '', 'Type your password'],
		[z.uuid({ error: 'Invalid UUID' }), 'x', 'Invalid UUID'],
		[z.array(z.string()).min(2), [], 'Too small: expected array to have >=2 items']
	])('are in plain words: %#', (schema, value, message) => {
		const [issue] = schema.safeParse(value, { error: formErrors }).error?.issues ?? [];
		expect(issue && formMessageOf(issue)).toBe(message);
	});

	it('are not sent by the API', () => {
		const { error } = typedEmail.safeParse('a');
		expect(JSON.stringify(error?.issues)).not.toContain('This is no');
		expect(error?.issues[0]?.message).toBe('Invalid input: expected email, received string');
	});
});
