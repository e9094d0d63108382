import { z } from 'zod';

/** The JSON Schema that zod writes. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What schemas state about themselves, without the IDs: a schema with an ID would become a reference. */
class MetaWithoutIds extends z.core.$ZodRegistry<Record<string, unknown>> {
	override get = (schema: z.core.$ZodType) => ({ ...z.globalRegistry.get(schema), id: undefined });
}

const metadata = new MetaWithoutIds();

/** Converts a schema of the contract, with all schemas that it uses in place. */
export const toJsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
	z.toJSONSchema(schema, { io, metadata, unrepresentable: 'any' });

/** Narrows what JSON Schema allows inside a schema; the other forms are never written. */
export const toInner = (schema: JsonSchema['items']): JsonSchema =>
	typeof schema === 'object' && !Array.isArray(schema) ? schema : {};

/** Removes ‘or null’ from a schema. */
export function withoutNull({ anyOf, ...schema }: JsonSchema): { schema: JsonSchema; isNullable: boolean } {
	if (!anyOf) return { schema, isNullable: false };
	const others = anyOf.filter(({ type }) => type !== 'null');
	const [only] = others;
	const isNullable = others.length < anyOf.length;
	return { schema: others.length === 1 ? { ...schema, ...only } : { ...schema, anyOf: others }, isNullable };
}
