import { z } from 'zod';
import { isOperationId, operations, type OperationId } from '#lib/contract/index.ts';
import { isBinary, isFile, isStreamed, type Operation } from '#lib/contract/operation.ts';
import type { ApiParameter, ApiStatus } from '#lib/contract/api-docs/api-reference.ts';
import { getArea } from './api-area.ts';

/** An operation of the API, as both the OpenAPI document and the API reference describe it. */
export interface RestOperation {
	readonly id: OperationId;
	readonly operation: Operation;
	readonly method: string;
	/** With its parameters in braces: `/api/users/{id}`. */
	readonly path: string;
	readonly area: string;
}

export const restOperations: readonly RestOperation[] = Object.entries<Operation>(operations).flatMap(
	([id, operation]) => {
		if (!operation.rest || !isOperationId(id)) return [];
		const [method = '', route = ''] = operation.rest.split(' ');
		const path = route.replace('[x+2e]', '.').replace(/\[(\w+)\]/g, '{$1}');
		return [{ id, operation, method, path, area: getArea(path) }];
	}
);

interface Parameter extends Pick<ApiParameter, 'name' | 'place' | 'isRequired'> {
	readonly schema: z.ZodType;
}

/** Lists the parameters in the path, then those in the query. */
export const listParameters = ({ params, query }: Operation): Parameter[] => [
	...parametersOf('path', params),
	...parametersOf('query', query)
];

const parametersOf = (place: Parameter['place'], fields: z.ZodObject | undefined): Parameter[] =>
	Object.entries(fields?.shape ?? {}).map(([name, given]) => {
		const schema = z.instanceof(z.ZodType).parse(given);
		return { name, place, isRequired: !schema.safeParse(undefined).success, schema };
	});

/** Whether a request without this body is rejected. */
export const isBodyRequired = (body: z.ZodType): boolean => !body.safeParse({}).success;

/** Returns the response's content type and, if it is JSON, its schema; null if the response is empty. */
export function getReply({ reply }: Operation): { type: string; schema: z.ZodType | null } | null {
	if (reply === undefined) return null;
	if (isFile(reply)) return { type: 'application/octet-stream', schema: null };
	if (isBinary(reply)) return { type: 'image/*', schema: null };
	return { type: 'application/json', schema: isStreamed(reply) ? z.array(reply.stream) : reply };
}

/** Lists the status codes of an operation; the first is that of success. */
export function listStatuses({
	access,
	params,
	query,
	body,
	reply,
	status = reply ? 200 : 204
}: Operation): ApiStatus[] {
	const statuses = [{ status: String(status), meaning: 'Success' }];
	if (params ?? query ?? body) statuses.push({ status: '400', meaning: 'Bad request: validation failed' });
	if ('public' in access) return statuses;
	const refusal = access.admin
		? 'Forbidden: administrators only, or the API key lacks the permission'
		: 'A key without the permission, or a password that must be changed first';
	return [
		...statuses,
		{ status: '401', meaning: 'Unauthorized: missing or invalid credentials' },
		{ status: '403', meaning: refusal }
	];
}
