import { z } from 'zod';
import type { Access, Operation } from '#lib/contract/operation.ts';
import {
	getReply,
	isBodyRequired,
	listParameters,
	listStatuses,
	restOperations,
	type RestOperation
} from './rest-operations.ts';

const Json = z.record(z.string(), z.unknown());
type Json = z.output<typeof Json>;

const securitySchemes = {
	bearer: { type: 'http', scheme: 'bearer' },
	cookie: { type: 'apiKey', in: 'cookie', name: 'immich_access_token' },
	api_key: { type: 'apiKey', in: 'header', name: 'x-api-key' }
};

let document: Json | undefined;

/** Returns the OpenAPI 3.1 document, built from the contract on first use. */
export const openApiDocument = (): Json => (document ??= makeDocument());

function makeDocument(): Json {
	const schemas: Json = {};
	const paths: Record<string, Json> = {};
	for (const rest of restOperations) {
		const { twin } = rest.operation;
		const methods = (paths[rest.path] ??= {});
		const described = describe(rest, schemas);
		methods[rest.method.toLowerCase()] = described;
		if (twin) methods[twin.toLowerCase()] = { ...described, operationId: `${rest.id}By${twin}` };
	}
	return {
		openapi: '3.1.0',
		info: { title: 'immich-auth', version: '3.2.2', license: { name: 'AGPL-3.0-only' } },
		paths,
		components: { schemas, securitySchemes }
	};
}

function describe({ id, area, operation }: RestOperation, schemas: Json): Json {
	const { access, summary, body, multipart } = operation;
	const content = buildContent(operation, schemas);
	return {
		tags: [area],
		operationId: id,
		summary,
		...buildSecurity(access),
		parameters: listParameters(operation).map(({ name, place, isRequired, schema }) => ({
			name,
			in: place,
			required: isRequired,
			schema: toSchema(schema, schemas, 'input')
		})),
		...(body && {
			requestBody: {
				required: isBodyRequired(body),
				content: { [multipart ? 'multipart/form-data' : 'application/json']: { schema: toSchema(body, schemas) } }
			}
		}),
		responses: Object.fromEntries(
			listStatuses(operation).map(({ status, meaning }, index) => [
				status,
				{ description: meaning, ...(index === 0 && content && { content }) }
			])
		)
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

function buildContent(operation: Operation, schemas: Json): Json | null {
	const reply = getReply(operation);
	const binary = { type: 'string', format: 'binary' };
	return reply && { [reply.type]: { schema: reply.schema ? toSchema(reply.schema, schemas) : binary } };
}

const Converted = z.object({ items: Json, $defs: Json.optional() });

/** Converts a schema. Those with an ID are moved to `schemas`; zod does that only to inner ones, so a list is put around it. */
function toSchema(schema: z.ZodType, schemas: Json, io: 'input' | 'output' = 'output'): Json {
	const text = JSON.stringify(z.toJSONSchema(z.array(schema), { io, unrepresentable: 'any' }));
	const { items, $defs } = Converted.parse(JSON.parse(text.replaceAll('#/$defs/', '#/components/schemas/')));
	Object.assign(schemas, $defs);
	return items;
}
