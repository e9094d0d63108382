import { resolveReference, withoutNull, type Definitions, type JsonSchema } from './json-schema.ts';

const byFormat: Readonly<Record<string, string>> = {
	email: 'person@example.test',
	uuid: '00000000-0000-4000-8000-000000000000',
	'date-time': '2026-01-31T12:00:00.000Z',
	uri: 'https://photos.example.test'
};

const byName: Readonly<Record<string, string>> = { name: 'Olga Example', pinCode: '123456' };

/** Returns an example value with the required fields; if none are required, with the name or else the first field. */
export function buildExample(
	schema: JsonSchema,
	definitions: Definitions,
	name = '',
	passedBefore: readonly string[] = []
): unknown {
	const { schema: target, passed } = resolveReference(withoutNull(schema).schema, definitions, passedBefore);
	if (target.const !== undefined) return target.const;
	if (target.default !== undefined) return target.default;
	if (target.enum) return target.enum[0];
	if (target.anyOf?.[0]) return buildExample(target.anyOf[0], definitions, name, passed);
	if (target.items) return [buildExample(target.items, definitions, '', passed)];
	if (target.properties) return exampleObject(target, definitions, passed);
	switch ([target.type].flat()[0]) {
		case 'string':
			return exampleText(target, name);
		case 'integer':
		case 'number':
			return Math.max(target.minimum ?? 1, 1);
		case 'boolean':
			return true;
		case 'object':
			return {};
		default:
			return null;
	}
}

function exampleObject(
	{ properties = {}, required = [] }: JsonSchema,
	definitions: Definitions,
	passed: readonly string[]
): Record<string, unknown> {
	const entries = Object.entries(properties);
	const one = entries.find(([key]) => key === 'name') ?? entries[0];
	const shown = required.length > 0 ? entries.filter(([key]) => required.includes(key)) : one ? [one] : [];
	return Object.fromEntries(shown.map(([key, inner]) => [key, buildExample(inner, definitions, key, passed)]));
}

function exampleText({ format, minLength = 0 }: JsonSchema, name: string): string {
	if (format && byFormat[format] !== undefined) return byFormat[format];
	if (/password/i.test(name)) return 'A-LONG-PASSWORD';
	return (byName[name] ?? 'text').padEnd(minLength, 'x');
}
