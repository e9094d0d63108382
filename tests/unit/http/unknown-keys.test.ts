import { describe, expect, it } from 'vitest';
import { unknownKeys } from '#lib/server/platform/http/operation-call.ts';

describe('unknownKeys', () => {
	it('is empty if all keys are known', () => {
		expect(unknownKeys({ a: { b: [1, { c: 2 }] }, d: null }, { a: { b: [1, { c: 2 }] }, d: null, e: 1 })).toEqual([]);
		expect(unknownKeys(undefined, {})).toEqual([]);
		expect(unknownKeys('text', 'text')).toEqual([]);
	});

	it('names them at any depth, as zod does', () => {
		expect(unknownKeys({ x: 1, y: 2, a: { z: 3 }, l: [{ w: 4 }] }, { a: {}, l: [{}] })).toEqual([
			{ code: 'unrecognized_keys', keys: ['x', 'y'], path: [], message: 'Unrecognized keys: "x", "y"' },
			{ code: 'unrecognized_keys', keys: ['z'], path: ['a'], message: 'Unrecognized key: "z"' },
			{ code: 'unrecognized_keys', keys: ['w'], path: ['l', 0], message: 'Unrecognized key: "w"' }
		]);
	});

	it('is not misled by names that every object inherits', () => {
		const sent: unknown = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}');
		expect(unknownKeys(sent, {})).toMatchObject([{ keys: ['__proto__', 'constructor', 'toString'] }]);
	});
});
