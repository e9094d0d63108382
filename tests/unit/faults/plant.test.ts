import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { faultsByArea } from '#tests/faults/index.ts';
import { faultVariable, groupBy, plantFaults, type Fault } from '#tests/faults/fault.ts';
import { filesIn, readSource } from '#tests/support/source-files.ts';

const fault = (fields: Partial<Fault>): Fault => ({
	title: 'a fault',
	file: 'a.ts',
	find: 'a === b',
	replace: 'true',
	tests: [],
	...fields
});

describe('planting faults', () => {
	it('switches between the original and each fault of one expression', () => {
		const text = plantFaults('return a === b;', [fault({}), fault({ title: 'another', replace: 'a !== b' })]);
		const evaluate = (title: string) =>
			// eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- runs the planted code
			new Function('a', 'b', 'process', text)(1, 1, { env: { [faultVariable]: title } }) as boolean;
		expect(['', 'a fault', 'another'].map(evaluate)).toEqual([true, true, false]);
	});

	it('takes the first expression after a unique text', () => {
		const text = plantFaults('one(a === b); two(a === b);', [fault({ after: 'two' })]);
		expect(text).toMatch(/^one\(a === b\); two\(\(process/);
	});

	it.each([
		['a text before it that stands twice', 'x(a === b); x(a === b)', [fault({ after: 'x' })], 'more than once'],
		['an expression that is only before that text', 'a === b; x()', [fault({ after: 'x' })], 'Not found'],
		['an expression that is missing', 'return c;', [fault({})], 'Not found'],
		['an expression that stands twice', 'a === b || a === b', [fault({})], 'more than once'],
		['two faults that overlap', 'x(a === b)', [fault({}), fault({ title: 'other', find: 'x(a === b)' })], 'Overlaps']
	])('refuses %s', (_, text, faults, message) => {
		expect(() => plantFaults(text, faults)).toThrow(message);
	});
});

describe('the planted faults', () => {
	const all = Object.values(faultsByArea).flat();

	it('have unique names', () => {
		const titles = all.map(({ title }) => title);
		expect(titles).toEqual([...new Set(titles)]);
	});

	it('match the sources, keep them valid, and name existing tests', () => {
		const misfits = [...groupBy(all, (planted) => planted.file)].flatMap(([file, faults]) => {
			try {
				const planted = plantFaults(readSource(file), faults);
				if (file.endsWith('.ts')) transformSync(planted, { loader: 'ts' });
				return [];
			} catch (error) {
				return [`${file}: ${String(error)}`];
			}
		});
		expect(misfits).toEqual([]);
		const files = new Set(filesIn('tests', /\.test\.ts$/));
		for (const { title, tests } of all) {
			expect(tests, title).not.toEqual([]);
			expect(
				tests.filter((test) => !files.has(test)),
				title
			).toEqual([]);
		}
	});
});
