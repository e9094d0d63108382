import type { ApiField } from '#lib/contract/api-docs/api-reference.ts';
import { resolveReference, withoutNull, type Definitions, type JsonSchema } from './json-schema.ts';

const typeWords: Readonly<Record<string, string>> = {
	string: 'text',
	integer: 'whole number',
	number: 'number',
	boolean: 'true or false',
	object: 'object',
	null: 'null'
};

const formatWords: Readonly<Record<string, string>> = {
	email: 'e-mail address',
	uuid: 'UUID',
	'date-time': 'date and time in UTC',
	uri: 'URL'
};

/** Lists the fields of an object and its nested objects, in order. */
export function listFields(
	schema: JsonSchema,
	definitions: Definitions,
	prefix = '',
	passed: readonly string[] = []
): ApiField[] {
	const outer = resolveReference(schema, definitions, passed);
	const target = resolveReference(withoutNull(outer.schema).schema, definitions, outer.passed);
	const { properties = {}, required = [], items } = target.schema;
	if (items) return listFields(items, definitions, `${prefix}[]`, target.passed);
	return Object.entries(properties).flatMap(([key, inner]) => {
		const name = prefix === '' ? key : `${prefix}.${key}`;
		return [
			describeField(name, inner, required.includes(key), definitions),
			...listFields(inner, definitions, name, target.passed)
		];
	});
}

/** Describes one field in words. */
export function describeField(
	name: string,
	schema: JsonSchema,
	isRequired: boolean,
	definitions: Definitions
): ApiField {
	const { schema: plain } = withoutNull(schema);
	const { schema: target } = resolveReference(plain, definitions);
	return {
		name,
		type: describeType(schema, definitions),
		isRequired,
		bounds: describeBounds(target),
		options: (target.enum ?? []).map((value) => String(value))
	};
}

/** Names a schema's type: ‘whole number or null’, ‘list of objects’. */
export function describeType(schema: JsonSchema, definitions: Definitions): string {
	const { schema: plain, isNullable } = withoutNull(schema);
	const { schema: target } = resolveReference(plain, definitions);
	const name = getTypeName(target, definitions);
	return isNullable ? `${name} or null` : name;
}

function getTypeName(schema: JsonSchema, definitions: Definitions): string {
	if (schema.anyOf) return schema.anyOf.map((one) => describeType(one, definitions)).join(' or ');
	if (schema.const !== undefined) return JSON.stringify(schema.const);
	if (schema.enum) return 'choice';
	if (schema.items) return `list of ${describeType(schema.items, definitions).replace(/^object$/, 'objects')}`;
	if (schema.format && formatWords[schema.format]) return formatWords[schema.format] ?? '';
	return (
		[schema.type ?? []]
			.flat()
			.map((type) => typeWords[type] ?? type)
			.join(' or ') || 'anything'
	);
}

function describeBounds(schema: JsonSchema): string[] {
	const { minLength, maxLength, minimum, maximum, minItems, maxItems, pattern, format } = schema;
	const words: string[] = [];
	const add = (bound: number | undefined, text: (bound: number) => string) => {
		// The limits of safe integers are not real bounds.
		if (bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER) words.push(text(bound));
	};
	add(minLength, (bound) => `at least ${bound} ${bound === 1 ? 'character' : 'characters'}`);
	add(maxLength, (bound) => `at most ${bound} characters`);
	add(minimum, (bound) => `at least ${bound}`);
	add(maximum, (bound) => `at most ${bound}`);
	add(minItems, (bound) => `at least ${bound} entries`);
	add(maxItems, (bound) => `at most ${bound} entries`);
	if (schema.default !== undefined) words.push(`${JSON.stringify(schema.default)} where left out`);
	// The pattern only repeats the format; `password` only marks a secret.
	if (pattern !== undefined && (format === undefined || format === 'password')) words.push(`like ${pattern}`);
	return words;
}
