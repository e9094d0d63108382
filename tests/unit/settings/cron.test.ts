import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronExpression } from '#lib/contract/settings/document/fields.ts';

const problemOf = (expression: string) => cronExpression.safeParse(expression).error?.issues[0]?.message;

describe('cron expressions', () => {
	it.each([
		'0 02 * * *',
		'*/5 0-6,22-23 1,15 * *',
		'0 0 * JAN-mar mon,FRI',
		'10 0/2 * * *',
		'0 0 2 * * *',
		'59 23 31 12 7',
		'59 59 23 31 12 7',
		'0 0 1 1 0',
		'0 0 31 2 *',
		'*/90 * * * *',
		'mon * * * *',
		'@daily',
		'@Weekdays',
		'@secondly',
		'  0  0 * * * '
	])('accepts %j', (expression) => {
		expect(problemOf(expression)).toBeUndefined();
	});

	it.each([
		['', 'Too few fields'],
		['* * * *', 'Too few fields'],
		['* * * * * * *', 'Too many fields'],
		['60 * * * *', 'Field value (60) is out of range'],
		['60 * * * * *', 'Field value (60) is out of range'],
		['* 24 * * *', 'Field value (24) is out of range'],
		['* * 0 * *', 'Field value (0) is out of range'],
		['* * 32 * *', 'Field value (32) is out of range'],
		['* * * 0 *', 'Field value (0) is out of range'],
		['* * * 13 *', 'Field value (13) is out of range'],
		['* * * * 8', 'Field value (8) is out of range'],
		['5-1 * * * *', 'Field (minute) has an invalid range'],
		['*/0 * * * *', 'Field (minute) has a step of zero'],
		['1/2/3 * * * *', 'Field (minute) cannot be parsed'],
		['1-2-3 * * * *', 'Field (minute) cannot be parsed'],
		['1,,2 * * * *', 'Field (minute) cannot be parsed'],
		['- * * * *', 'Field (minute) cannot be parsed'],
		['0 0 ? * 7', 'Field (dayOfMonth) cannot be parsed'],
		['0 0 * * fri-mon', 'Field (dayOfWeek) has an invalid range'],
		['0 0 L * *', 'Unknown alias: l'],
		['@sometimes', 'Unknown alias: som']
	])('refuses %j', (expression, reason) => {
		expect(problemOf(expression)).toBe(`Invalid cron expression. ${reason}`);
	});

	it('never throws on any text', () => {
		fc.assert(fc.property(fc.string(), (text) => void problemOf(text)));
	});
});
