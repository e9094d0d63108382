import { z } from 'zod';
import { isOperationId, operations } from '#lib/contract/index.ts';
import { isBinary, isFile, isStreamed, type Access, type Operation } from '#lib/contract/operation.ts';
import { getArea } from './api-area.ts';

type Json = Record<string, unknown>;

const securitySchemes = {
	bearer: { type: 'http', scheme: 'bearer' },
	cookie: { type: 'apiKey', in: 'cookie', name: 'immich_access_token' },
	api_key: { type: 'apiKey', in: 'header', name: 'x-api-key' }
};

let document: Json | undefined;

/** Returns the OpenAPI 3.1 document, built from the contract on first use. */
export const openApiDocument = (): Json => (document ??= makeDocument());

function makeDocument(): Json {
	const registry = new Map<string, unknown>();
	const paths: Record<string, Json> = {};
	for (const [id, operation] of Object.entries<Operation>(operations)) {
		if (!operation.rest || !isOperationId(id)) continue;
		const [method = '', route = ''] = operation.rest.split(' ');
		const path = route.replace('[x+2e]', '.').replace(/\[(\w+)\]/g, '{$1}');
		const methods = [method, ...(operation.twin ? [operation.twin] : [])];
		for (const [index, name] of methods.entries()) {
			const operationId = index === 0 ? id : `${id}By${name}`;
			(paths[path] ??= {})[name.toLowerCase()] = {
				tags: [getArea(path)],
				...describe(operationId, operation, registry)
			};
		}
	}
	return {
		openapi: '3.1.0',
		info: { title: 'immich-auth', version: '3.2.2', license: { name: 'AGPL-3.0-only' } },
		paths,
		components: { schemas: Object.fromEntries(registry), securitySchemes }
	};
}

function describe(operationId: string, operation: Operation, registry: Map<string, unknown>): Json {
	const { reply } = operation;
	const answer = buildResponse(reply, registry);
	const status = String(operation.status ?? (answer ? 200 : 204));
	return {
		operationId,
		summary: operation.summary,
		...buildSecurity(operation.access),
		parameters: [...buildParameters('path', operation.params), ...buildParameters('query', operation.query)],
		...(operation.body && {
			requestBody: {
				required: !operation.body.safeParse({}).success,
				content: buildJsonContent(
					operation.body,
					registry,
					operation.multipart ? 'multipart/form-data' : 'application/json'
				)
			}
		}),
		responses: {
			[status]: { description: 'Success', ...(answer && { content: answer }) },
			...buildErrorResponses(operation)
		}
	};
}

function buildErrorResponses({ access, params, query, body }: Operation): Json {
	const isRead = params ?? query ?? body;
	return {
		...(isRead && { '400': { description: 'Something in the request is not as described here' } }),
		...('public' in access
			? {}
			: {
					'401': { description: 'No credential, or a bad one' },
					'403': {
						description: access.admin
							? 'No administrator, or a key without the permission'
							: 'A key without the permission, or a password that must be changed first'
					}
				})
	};
}

function buildSecurity(access: Access): Json {
	if ('public' in access) return { security: [] };
	return {
		security: Object.keys(securitySchemes).map((scheme) => ({ [scheme]: [] })),
		'x-immich-permission': access.permission ?? 'all',
		...(access.admin && { 'x-immich-admin-only': true })
	};
}

const buildParameters = (place: 'path' | 'query', schema: z.ZodObject | undefined): Json[] =>
	Object.entries(schema?.shape ?? {}).map(([name, given]) => {
		const field = z.instanceof(z.ZodType).parse(given);
		return { name, in: place, required: !field.safeParse(undefined).success, schema: toSchema(field, 'input') };
	});

const file = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
const image = { 'image/*': { schema: { type: 'string', format: 'binary' } } };

function buildResponse(reply: Operation['reply'], registry: Map<string, unknown>): Json | undefined {
	if (reply === undefined) return undefined;
	if (isFile(reply)) return file;
	if (isBinary(reply)) return image;
	return buildJsonContent(isStreamed(reply) ? z.array(reply.stream) : reply, registry);
}

const buildJsonContent = (schema: z.ZodType, registry: Map<string, unknown>, type = 'application/json'): Json => {
	const { $defs, ...own } = toSchema(schema);
	for (const [id, definition] of Object.entries({ ...toDefinitions($defs) })) registry.set(id, definition);
	const id = schema.meta()?.id;
	if (id === undefined) return { [type]: { schema: own } };
	// A schema that refers to itself by its ID is already in the definitions.
	if (!('$ref' in own)) registry.set(id, own);
	return { [type]: { schema: { $ref: `#/components/schemas/${id}` } } };
};

const toDefinitions = (definitions: unknown): Json =>
	typeof definitions === 'object' && definitions !== null ? Object.fromEntries(Object.entries(definitions)) : {};

function toSchema(schema: z.ZodType, io: 'input' | 'output' = 'output'): Json {
	const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }));
	const { $schema: _, ...made } = z
		.record(z.string(), z.unknown())
		.parse(JSON.parse(text.replaceAll('#/$defs/', '#/components/schemas/')));
	return made;
}
