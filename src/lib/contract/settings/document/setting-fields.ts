import { z } from 'zod';

type Described = z.core.JSONSchema.BaseSchema;

export type SettingKind = 'switch' | 'number' | 'choice' | 'secret' | 'lines' | 'text';

/** A form field for one setting, derived entirely from its schema. */
export interface SettingField {
	/** Path within the group: `smtp.transport.host`. */
	readonly name: string;
	readonly kind: SettingKind;
	readonly title: string;
	readonly description: string;
	/** Section of the group; null at the top level. */
	readonly section: { readonly title: string; readonly description: string } | null;
	readonly options: readonly string[];
	readonly min: number | null;
	readonly max: number | null;
	/** An empty field means null. */
	readonly isNullable: boolean;
}

/**
 * Lists the settings of a schema in order.
 * @throws {Error} if there are none, because secrets are found this way
 */
export function listSettingFields(schema: z.ZodType): SettingField[] {
	const { $ref, $defs, ...described } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
	// A named schema is placed in the definitions.
	const named = $defs?.[$ref?.slice($ref.lastIndexOf('/') + 1) ?? ''];
	const fields = fieldsWithin(named ?? described, '', null);
	if (fields.length === 0) throw new Error('A schema without settings');
	return fields;
}

function fieldsWithin(
	{ properties = {} }: Described,
	prefix: string,
	section: SettingField['section']
): SettingField[] {
	return Object.entries(properties).flatMap(([key, inner]) => {
		if (typeof inner === 'boolean') return [];
		const name = prefix + key;
		const { title, description = '' } = inner;
		if (!inner.properties) return [toField(name, inner, section)];
		return fieldsWithin(inner, `${name}.`, title === undefined ? section : { title, description });
	});
}

function toField(name: string, schema: Described, section: SettingField['section']): SettingField {
	const { value, isNullable } = withoutNull(schema);
	return {
		name,
		kind: getKind(value),
		title: schema.title ?? name,
		description: schema.description ?? '',
		section,
		options: (value.enum ?? []).map(String),
		min: toBound(value.minimum),
		max: toBound(value.maximum),
		isNullable
	};
}

function withoutNull(schema: Described): { value: Described; isNullable: boolean } {
	const others = schema.anyOf?.filter((one) => typeof one !== 'boolean' && one.type !== 'null') ?? [];
	const [value = schema] = others;
	return typeof value === 'boolean' ? { value: schema, isNullable: false } : { value, isNullable: others.length > 0 };
}

function getKind({ type, enum: choices, format, contentMediaType }: Described): SettingKind {
	if (type === 'boolean') return 'switch';
	if (type === 'integer' || type === 'number') return 'number';
	if (choices) return 'choice';
	if (format === 'password') return 'secret';
	return contentMediaType === undefined ? 'text' : 'lines';
}

/** Bounds beyond the safe integers are meaningless. */
const toBound = (bound: number | undefined): number | null =>
	bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? null : bound;
