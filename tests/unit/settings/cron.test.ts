import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronProblem } from '#lib/contract/settings/document/cron.ts';

describe('cron expressions', () => {
	it.each([
		'0 02 * * *',
		'*/5 0-6,22-23 1,15 * *',
		'0 0 * JAN-mar mon,FRI',
		'0 0 ? * 7',
		'10 0/2 * * *',
		'0 0 2 * * *',
		'@daily',
		'  0  0 * * * '
	])('accepts %j', (expression) => {
		expect(cronProblem(expression)).toBeUndefined();
	});

	it.each([
		'',
		'* * * *',
		'* * * * * * *',
		'60 * * * *',
		'* 24 * * *',
		'* * 0 * *',
		'* * * 13 *',
		'* * * * 8',
		'5-1 * * * *',
		'*/0 * * * *',
		'1/2/3 * * * *',
		'1-2-3 * * * *',
		'1,,2 * * * *',
		'- * * * *',
		'mon * * * *',
		'@sometimes'
	])('refuses %j', (expression) => {
		expect(cronProblem(expression)).toEqual(expect.any(String));
	});

	it('never throws on any text', () => {
		fc.assert(fc.property(fc.string(), (text) => void cronProblem(text)));
	});
});
