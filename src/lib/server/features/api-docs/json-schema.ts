import { z } from 'zod';

/** The part of JSON Schema that the contract's schemas use. */
export interface JsonSchema {
	readonly $ref?: string | undefined;
	readonly type?: string | string[] | undefined;
	readonly format?: string | undefined;
	readonly pattern?: string | undefined;
	readonly const?: unknown;
	readonly default?: unknown;
	readonly enum?: unknown[] | undefined;
	readonly minLength?: number | undefined;
	readonly maxLength?: number | undefined;
	readonly minimum?: number | undefined;
	readonly maximum?: number | undefined;
	readonly minItems?: number | undefined;
	readonly maxItems?: number | undefined;
	readonly required?: string[] | undefined;
	readonly properties?: Record<string, JsonSchema> | undefined;
	readonly items?: JsonSchema | undefined;
	readonly anyOf?: JsonSchema[] | undefined;
}

export const JsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
	z.object({
		$ref: z.string().optional(),
		type: z.union([z.string(), z.array(z.string())]).optional(),
		format: z.string().optional(),
		pattern: z.string().optional(),
		const: z.unknown().optional(),
		default: z.unknown().optional(),
		enum: z.array(z.unknown()).optional(),
		minLength: z.number().optional(),
		maxLength: z.number().optional(),
		minimum: z.number().optional(),
		maximum: z.number().optional(),
		minItems: z.number().optional(),
		maxItems: z.number().optional(),
		required: z.array(z.string()).optional(),
		properties: z.record(z.string(), JsonSchema).optional(),
		items: JsonSchema.optional(),
		anyOf: z.array(JsonSchema).optional()
	})
);

/** The schemas of the document, by name. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

/** Resolves a reference; the names passed on the way reveal recursive schemas. */
export function resolveReference(
	schema: JsonSchema,
	definitions: Definitions,
	passed: readonly string[] = []
): { schema: JsonSchema; passed: readonly string[] } {
	const name = schema.$ref?.slice(schema.$ref.lastIndexOf('/') + 1);
	if (name === undefined) return { schema, passed };
	if (passed.includes(name)) return { schema: {}, passed };
	return resolveReference(definitions[name] ?? {}, definitions, [...passed, name]);
}

/** Removes ‘or null’ from a schema. */
export function withoutNull({ anyOf, ...schema }: JsonSchema): { schema: JsonSchema; isNullable: boolean } {
	if (!anyOf) return { schema, isNullable: false };
	const others = anyOf.filter(({ type }) => type !== 'null');
	const [only] = others;
	const isNullable = others.length < anyOf.length;
	return { schema: others.length === 1 && only ? { ...schema, ...only } : { ...schema, anyOf: others }, isNullable };
}
