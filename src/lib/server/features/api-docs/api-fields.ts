import type { ApiField } from '#lib/contract/api-docs/api-reference.ts';
import { toInner, withoutNull, type JsonSchema } from './json-schema.ts';

const typeWords: Readonly<Record<string, string>> = {
	string: 'text',
	integer: 'whole number',
	number: 'number',
	boolean: 'true or false',
	object: 'object',
	null: 'null'
};

const formatWords: Readonly<Record<string, string>> = {
	email: 'email address',
	uuid: 'UUID',
	'date-time': 'date and time in UTC',
	uri: 'URL'
};

/** Lists the fields of an object and its nested objects, in order. */
export function listFields(schema: JsonSchema, prefix = ''): ApiField[] {
	const { properties = {}, required = [], items } = withoutNull(schema).schema;
	if (items) return listFields(toInner(items), `${prefix}[]`);
	return Object.entries(properties).flatMap(([key, given]) => {
		const name = prefix === '' ? key : `${prefix}.${key}`;
		const inner = toInner(given);
		return [describeField(name, inner, required.includes(key)), ...listFields(inner, name)];
	});
}

/** Describes one field in words. */
export function describeField(name: string, schema: JsonSchema, isRequired: boolean): ApiField {
	const { schema: plain } = withoutNull(schema);
	return {
		name,
		type: describeType(schema),
		isRequired,
		bounds: describeBounds(plain),
		options: (plain.enum ?? []).map(String)
	};
}

/** Names a schema's type: ‘whole number or null’, ‘list of objects’. */
export function describeType(schema: JsonSchema): string {
	const { schema: plain, isNullable } = withoutNull(schema);
	return isNullable ? `${getTypeName(plain)} or null` : getTypeName(plain);
}

function getTypeName(schema: JsonSchema): string {
	if (schema.anyOf) return schema.anyOf.map(describeType).join(' or ');
	if (schema.const !== undefined) return JSON.stringify(schema.const);
	if (schema.enum) return 'choice';
	if (schema.items) return `list of ${describeType(toInner(schema.items)).replace(/^object$/, 'objects')}`;
	const format = formatWords[schema.format ?? ''];
	if (format !== undefined) return format;
	const types = [schema.type ?? []].flat();
	return types.map((type) => typeWords[type] ?? type).join(' or ') || 'anything';
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
