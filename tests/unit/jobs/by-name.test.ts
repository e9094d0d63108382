import { expect, it } from 'vitest';
import { combineByName } from '#lib/server/features/jobs/by-name.ts';

it('combines what features declare, in their order', () => {
	expect([...combineByName([{ b: 1 }, undefined, { a: 2, c: 3 }])]).toEqual([
		['b', 1],
		['a', 2],
		['c', 3]
	]);
});

it('refuses a name that two features declare', () => {
	expect(() => combineByName([{ a: 1 }, { b: 2, a: 3 }])).toThrow('Two features declare a');
});
