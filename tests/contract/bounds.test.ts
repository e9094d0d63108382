import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Operation } from '#lib/contract/operation.ts';
import { operations } from '#lib/contract/index.ts';
import { unboundedIn } from '#tests/support/bounds.ts';

const rows: readonly (readonly [string, Operation])[] = Object.entries(operations);

describe('client input', () => {
	it.each(rows)('has upper limits: %s', (_, { params, query, body, form }) => {
		const schemas = { params, query, body, form: form?.fields };
		const unbounded = Object.entries(schemas).flatMap(([name, schema]) => (schema ? unboundedIn(schema, name) : []));
		expect(unbounded).toEqual([]);
	});
});

describe('the bounds check', () => {
	it.each<[string, z.ZodType, number]>([
		['a text', z.string(), 1],
		['a text with a limit', z.string().max(5), 0],
		['a text that only declares a limit', z.string().meta({ maxLength: 5 }), 1],
		[
			'a text that declares and checks a limit',
			z
				.string()
				.refine((text) => text.length < 6)
				.meta({ maxLength: 5 }),
			0
		],
		['a text in an optional, nullable field with a default', z.object({ a: z.string().nullish().default('') }), 1],
		['a list without a limit', z.array(z.string().max(5)), 1],
		['a list of texts without a limit', z.array(z.string()).max(5), 1],
		['a record', z.record(z.string().max(5), z.number()), 1],
		['a union', z.union([z.string(), z.number()]), 1],
		['a text before a transformation', z.string().transform(Number), 1],
		['a text after a preprocessing', z.preprocess(String, z.string()), 1],
		['a moment', z.iso.datetime(), 1],
		['a UUID', z.uuidv4(), 0],
		['a pattern that ends', z.string().regex(/^\d{6}$/), 0],
		['a pattern that does not', z.string().regex(/^\d+$/), 1],
		['a pattern without an anchor', z.string().regex(/\d{6}/), 1],
		['a loose object', z.looseObject({}), 1],
		['anything', z.unknown(), 1],
		['a lazy text', z.lazy(() => z.string()), 1]
	])('reports %s', (_, schema, count) => {
		expect(unboundedIn(schema, '')).toHaveLength(count);
	});
});
