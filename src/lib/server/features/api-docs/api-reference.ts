import { z } from 'zod';
import type { ApiEntry, ApiOperation } from '#lib/contract/api-docs/api-reference.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { describeField, listFields, describeType } from './api-fields.ts';
import { buildExample } from './api-example.ts';
import { JsonSchema, withoutNull, resolveReference, type Definitions } from './json-schema.ts';
import { openApiDocument } from './openapi.ts';

const Content = z.record(z.string(), z.object({ schema: JsonSchema.optional() }));
const Described = z.object({
	operationId: z.string(),
	summary: z.string(),
	tags: z.tuple([z.string()]),
	'x-immich-permission': z.string().optional(),
	'x-immich-admin-only': z.boolean().optional(),
	parameters: z.array(
		z.object({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean(), schema: JsonSchema })
	),
	requestBody: z.object({ required: z.boolean(), content: Content }).optional(),
	responses: z.record(z.string(), z.object({ description: z.string(), content: Content.optional() }))
});
type Described = z.output<typeof Described>;

const Document = z.object({
	paths: z.record(z.string(), z.record(z.string(), Described)),
	components: z.object({ schemas: z.record(z.string(), JsonSchema) })
});

interface Reference {
	readonly entries: readonly ApiEntry[];
	readonly byId: ReadonlyMap<string, ApiOperation>;
}

let reference: Reference | undefined;

/** Lists the operations of the API, by area. */
export const listApi = (): readonly ApiEntry[] => getReference().entries;

/**
 * Returns the documentation of one operation.
 * @throws {AppError} 404 for an unknown ID
 */
export function describeApi(id: string): ApiOperation {
	const operation = getReference().byId.get(id);
	if (!operation) throw notFound('There is no such operation');
	return operation;
}

/** Built on first use from the published OpenAPI document. */
const getReference = (): Reference => (reference ??= makeReference());

function makeReference(): Reference {
	const { paths, components } = Document.parse(openApiDocument());
	const made = Object.entries(paths).flatMap(([path, methods]) =>
		Object.entries(methods)
			.filter(([, { operationId }]) => !isTwin(operationId))
			.map(([method, described]) => {
				const twin = Object.keys(methods).find(
					(name) => methods[name]?.operationId === `${described.operationId}ByPATCH`
				);
				return toOperation(method.toUpperCase(), path, described, twin?.toUpperCase() ?? null, components.schemas);
			})
	);
	const sorted = made.toSorted(
		(one, other) => one.area.localeCompare(other.area) || one.path.localeCompare(other.path)
	);
	return {
		entries: sorted.map(({ id, method, path, summary, area, permission, isAdminOnly }) => ({
			id,
			method,
			path,
			summary,
			area,
			permission,
			isAdminOnly
		})),
		byId: new Map(sorted.map((operation) => [operation.id, operation]))
	};
}

const isTwin = (operationId: string): boolean => operationId.endsWith('ByPATCH');

function toOperation(
	method: string,
	path: string,
	described: Described,
	twin: string | null,
	definitions: Definitions
): ApiOperation {
	const body = described.requestBody && schemaIn(described.requestBody.content);
	const reply = Object.entries(described.responses)
		.filter(([status]) => status.startsWith('2'))
		.map(([, { content }]) => content)[0];
	return {
		id: described.operationId,
		method,
		path,
		summary: described.summary,
		area: described.tags[0],
		permission: described['x-immich-permission'] ?? null,
		isAdminOnly: described['x-immich-admin-only'] ?? false,
		twin,
		parameters: described.parameters.map(({ name, in: place, required, schema }) => ({
			...describeField(name, schema, required, definitions),
			place
		})),
		body: body
			? {
					isRequired: described.requestBody?.required ?? false,
					fields: listFields(body, definitions),
					example: JSON.stringify(buildExample(body, definitions), null, 2)
				}
			: null,
		reply: reply ? toReply(reply, definitions) : null,
		statuses: Object.entries(described.responses).map(([status, { description }]) => ({ status, meaning: description }))
	};
}

const schemaIn = (content: z.output<typeof Content>): JsonSchema | undefined => content['application/json']?.schema;

/** The response: JSON with its fields, or a file. */
function toReply(content: z.output<typeof Content>, definitions: Definitions): ApiOperation['reply'] {
	const schema = schemaIn(content);
	if (!schema) return { type: 'file', fields: [] };
	const { schema: target } = resolveReference(withoutNull(schema).schema, definitions);
	return { type: describeType(target, definitions), fields: listFields(schema, definitions) };
}
