import type { z } from 'zod';
import type { ApiEntry, ApiOperation } from '#lib/contract/api-docs/api-reference.ts';
import type { Operation } from '#lib/contract/operation.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { describeField, describeType, listFields } from './api-fields.ts';
import { buildExample } from './api-example.ts';
import { toJsonSchema, withoutNull } from './json-schema.ts';
import {
	getReply,
	isBodyRequired,
	listParameters,
	listStatuses,
	restOperations,
	type RestOperation
} from './rest-operations.ts';

const entries: readonly ApiEntry[] = restOperations
	.map(toEntry)
	.toSorted((one, other) => one.area.localeCompare(other.area) || one.path.localeCompare(other.path));

/** Lists the operations of the API, by area. */
export const listApi = (): readonly ApiEntry[] => entries;

const described = new Map<string, ApiOperation>();

/**
 * Returns the documentation of one operation, built on first use.
 * @throws {AppError} 404 for an unknown ID
 */
export function describeApi(id: string): ApiOperation {
	const found = restOperations.find((rest) => rest.id === id);
	if (!found) throw notFound('There is no such operation');
	const operation = described.get(id) ?? describe(found);
	described.set(id, operation);
	return operation;
}

function describe(rest: RestOperation): ApiOperation {
	const { operation } = rest;
	return {
		...toEntry(rest),
		twin: operation.twin ?? null,
		parameters: listParameters(operation).map(({ name, place, isRequired, schema }) => ({
			...describeField(name, toJsonSchema(schema, 'input'), isRequired),
			place
		})),
		body: operation.body && !operation.multipart ? describeBody(operation.body) : null,
		reply: describeReply(operation),
		statuses: listStatuses(operation)
	};
}

function toEntry({ id, method, path, area, operation: { summary, access } }: RestOperation): ApiEntry {
	const isPublic = 'public' in access;
	return {
		id,
		method,
		path,
		summary,
		area,
		permission: isPublic ? null : (access.permission ?? 'all'),
		isAdminOnly: !isPublic && access.admin === true
	};
}

function describeBody(body: z.ZodType): ApiOperation['body'] {
	const schema = toJsonSchema(body, 'output');
	return {
		isRequired: isBodyRequired(body),
		fields: listFields(schema),
		example: JSON.stringify(buildExample(schema), null, 2)
	};
}

/** The response: JSON with its fields, or a file. */
function describeReply(operation: Operation): ApiOperation['reply'] {
	const reply = getReply(operation);
	if (!reply) return null;
	if (!reply.schema) return { type: 'file', fields: [] };
	const schema = toJsonSchema(reply.schema, 'output');
	return { type: describeType(withoutNull(schema).schema), fields: listFields(schema) };
}
