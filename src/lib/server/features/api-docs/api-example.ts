import { toInner, withoutNull, type JsonSchema } from './json-schema.ts';

const byFormat: Readonly<Record<string, string>> = {
	email: 'person@example.test',
	uuid: '00000000-0000-4000-8000-000000000000',
	'date-time': '2026-01-31T12:00:00.000Z',
	uri: 'https://photos.example.test'
};

const byName: Readonly<Record<string, string>> = { name: 'Olga Example', pinCode: '123456' };

/** Returns an example value with the required fields; if none are required, with the name or else the first field. */
export function buildExample(schema: JsonSchema, name = ''): unknown {
	const { schema: target } = withoutNull(schema);
	if (target.const !== undefined) return target.const;
	if (target.default !== undefined) return target.default;
	if (target.enum) return target.enum[0];
	if (target.anyOf?.[0]) return buildExample(target.anyOf[0], name);
	if (target.items) return [buildExample(toInner(target.items))];
	if (target.properties) return exampleObject(target);
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

function exampleObject({ properties = {}, required = [] }: JsonSchema): Record<string, unknown> {
	const keys = Object.keys(properties);
	const first = keys.includes('name') ? ['name'] : keys.slice(0, 1);
	const shown = required.length > 0 ? keys.filter((key) => required.includes(key)) : first;
	return Object.fromEntries(shown.map((key) => [key, buildExample(toInner(properties[key]), key)]));
}

function exampleText({ format, minLength = 0 }: JsonSchema, name: string): string {
	if (format && byFormat[format] !== undefined) return byFormat[format];
	if (/password/i.test(name)) return 'A-LONG-PASSWORD';
	return (byName[name] ?? 'text').padEnd(minLength, 'x');
}
