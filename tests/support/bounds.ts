import { z } from 'zod';

/** The path and kind of a text, list or record in a schema that has no upper limit. */
export type Unbounded = readonly [path: string, what: string];

const boundedFormats = new Set(['uuid', 'date', 'ipv4', 'ipv6']);

interface Check {
	readonly check?: string;
	readonly format?: string;
	readonly pattern?: RegExp;
}

/** The parts of a schema and its checks that describe limits. */
const listChecks = (schema: z.core.$ZodType): Check[] => [
	schema._zod.def as Check,
	...(schema._zod.def.checks ?? []).map((one) => one._zod.def as Check)
];
const hasLimit = (schema: z.core.$ZodType): boolean =>
	listChecks(schema).some(({ check }) => check === 'max_length' || check === 'length_equals' || check === 'max_size');

/** Whether a pattern is anchored and has no unbounded repetition. */
function isBoundedPattern({ source }: RegExp): boolean {
	const bare = source.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
	return bare.startsWith('^') && bare.endsWith('$') && !/[*+]|\{\d+,\}/.test(bare);
}

const longest = 1_000_000;
const hostile = ['a', 'A', '0', ' ', '/', 'https://a.test/', '{', 'é', '0 '].map((text) => text.repeat(longest));

/**
 * A text is bounded by a limit, by a format or pattern of limited length, or by a check that declares its limit or
 * pattern in the schema.
 */
function isBoundedText(schema: z.ZodType): boolean {
	if (hasLimit(schema)) return true;
	const checks = listChecks(schema);
	if (checks.some(({ format }) => format !== undefined && boundedFormats.has(format))) return true;
	if (checks.some(({ pattern }) => pattern && isBoundedPattern(pattern))) return true;
	const { maxLength, pattern } = schema.meta() ?? {};
	const isDeclared = maxLength !== undefined || (typeof pattern === 'string' && isBoundedPattern(new RegExp(pattern)));
	return isDeclared && refusesHostile(schema);
}

/** Many operations share a schema. */
const known = new WeakMap<z.ZodType, boolean>();

function refusesHostile(schema: z.ZodType): boolean {
	const refuses = known.get(schema) ?? hostile.every((text) => !schema.safeParse(text).success);
	known.set(schema, refuses);
	return refuses;
}

/** Lists the parts of an input schema that have no upper limit. */
export function unboundedIn(schema: z.core.$ZodType, path: string, seen = new Set<z.core.$ZodType>()): Unbounded[] {
	if (seen.has(schema)) return [];
	seen.add(schema);
	const inner = (next: z.core.$ZodType, name: string) => unboundedIn(next, path + name, seen);
	if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat)
		return isBoundedText(schema) ? [] : [[path, 'text']];
	if (schema instanceof z.ZodArray)
		return [...(hasLimit(schema) ? [] : ([[path, 'list']] as const)), ...inner(schema.element, '[]')];
	if (schema instanceof z.ZodRecord) {
		const { maxProperties: limit, 'x-limitedByBody': isLimitedByBody } = schema.meta() ?? {};
		if (isLimitedByBody === true) return [];
		const own: Unbounded[] = limit === undefined ? [[path, 'record']] : [];
		return [...own, ...inner(schema.keyType, '{key}'), ...inner(schema.valueType, '{}')];
	}
	if (schema instanceof z.ZodObject)
		return [
			...Object.entries(schema.shape).flatMap(([name, field]) => inner(field as z.ZodType, `.${name}`)),
			...(schema._zod.def.catchall && !(schema._zod.def.catchall instanceof z.ZodNever)
				? inner(schema._zod.def.catchall, '.*')
				: [])
		];
	if (schema instanceof z.ZodUnion) return schema.options.flatMap((option, at) => inner(option, `|${String(at)}`));
	if (schema instanceof z.ZodIntersection)
		return [...inner(schema._zod.def.left, ''), ...inner(schema._zod.def.right, '')];
	if (schema instanceof z.ZodTuple) return schema._zod.def.items.flatMap((item, at) => inner(item, `[${String(at)}]`));
	if (schema instanceof z.ZodPipe) {
		// A transformed value is described by its input side; after preprocessing, only the output side describes it.
		const from = schema._zod.def.in;
		return from instanceof z.ZodTransform ? inner(schema._zod.def.out, '') : inner(from, '');
	}
	if (schema instanceof z.ZodLazy) return inner(schema._zod.innerType, '');
	if ('innerType' in schema._zod.def) return inner(schema._zod.def.innerType as z.core.$ZodType, '');
	if (limitless.some((kind) => schema instanceof kind)) return [];
	return [[path, schema._zod.def.type]];
}

/** Types whose values have a limited size. */
const limitless = [
	z.ZodNumber,
	z.ZodBoolean,
	z.ZodEnum,
	z.ZodLiteral,
	z.ZodNull,
	z.ZodUndefined,
	z.ZodNever,
	z.ZodTemplateLiteral,
	// Limited by the body size, which the row limits.
	z.ZodFile
];
