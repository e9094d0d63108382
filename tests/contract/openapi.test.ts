import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from '#lib/server/features/api-docs/openapi.ts';
import { restOperations } from '#tests/support/operations.ts';

const Schema = z.record(z.string(), z.unknown());
const types = ['application/json', 'multipart/form-data', 'image/*', 'application/octet-stream'] as const;
const Content = z.partialRecord(z.enum(types), z.strictObject({ schema: Schema }));
const Parameter = z.strictObject({
	name: z.string().min(1),
	in: z.enum(['path', 'query']),
	required: z.boolean(),
	schema: Schema
});
const Operation = z.looseObject({
	operationId: z.string().min(1),
	summary: z.string().min(1),
	security: z.array(z.record(z.string(), z.array(z.string()))),
	parameters: z.array(Parameter),
	requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
	responses: z.record(
		z.string().regex(/^[1-5]\d\d$/),
		z.strictObject({ description: z.string(), content: Content.optional() })
	)
});
const Document = z.strictObject({
	openapi: z.string().regex(/^3\.1\.\d+$/),
	info: z.looseObject({ title: z.string().min(1), version: z.string().min(1) }),
	paths: z.record(
		z.string().startsWith('/'),
		z.record(z.enum(['get', 'post', 'put', 'patch', 'delete']), Operation.optional())
	),
	components: z.strictObject({
		schemas: z.record(z.string().regex(/^[\w.-]+$/), Schema),
		securitySchemes: z.record(z.string(), z.looseObject({ type: z.string() }))
	})
});

const document = Document.parse(openApiDocument());
const { schemas, securitySchemes } = document.components;
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
	Object.entries(methods).flatMap(([method, documented]) =>
		documented ? [{ path, method, operation: documented }] : []
	)
);
const getPath = (rest: string) =>
	rest
		.replace(/^\S+ /, '')
		.replace('[x+2e]', '.')
		.replace(/\[(\w+)\]/g, '{$1}');
const find = (id: string) => described.find(({ operation: documented }) => documented.operationId === id)?.operation;

/** Collects every `$ref` below a value. */
function refsIn(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(refsIn);
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsIn(inner)));
}

/** Follows references to the actual schema. */
function resolve(schema: z.output<typeof Schema>, seen: readonly string[] = []): z.output<typeof Schema> {
	const name = typeof schema['$ref'] === 'string' ? schema['$ref'].replace('#/components/schemas/', '') : undefined;
	if (name === undefined) return schema;
	expect(seen, `${name} refers to itself`).not.toContain(name);
	return resolve(schemas[name] ?? {}, [...seen, name]);
}

describe('the OpenAPI document', () => {
	it('describes exactly the REST operations of the contract', () => {
		const wanted = restOperations.map(
			({ operation, method }) => `${method.toLowerCase()} ${getPath(operation.rest ?? '')}`
		);
		expect(described.map(({ path, method }) => `${method} ${path}`).sort()).toEqual(wanted.sort());
	});

	it('names each operation once', () => {
		const ids = described.map(({ operation: documented }) => documented.operationId);
		expect(ids).toEqual([...new Set(ids)]);
	});

	it('has no dangling references', () => {
		for (const ref of refsIn(document))
			expect(Object.keys(schemas).map((name) => `#/components/schemas/${name}`)).toContain(ref);
	});

	it.each(Object.keys(schemas))('describes %s inline, not by reference', (name) => {
		const schema = resolve({ $ref: `#/components/schemas/${name}` });
		expect(schema).toMatchObject({ type: 'object' });
	});

	it.each(described)('$method $path declares its path parameters', ({ path, operation: documented }) => {
		const named = documented.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
		expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
	});

	it.each(
		described.flatMap(({ path, method, operation: documented }) =>
			documented.parameters.map((parameter) => ({ path, method, parameter }))
		)
	)('$method $path describes its parameter $parameter.name', ({ parameter }) => {
		expect(Object.keys(resolve(parameter.schema))).not.toEqual([]);
	});

	it.each(restOperations)(
		'$method $path has a body if the row has one, and the row’s status',
		({ id, operation, method }) => {
			const documented = find(method === operation.twin ? `${id}ByPATCH` : id);
			expect(documented?.requestBody !== undefined).toBe(operation.body !== undefined);
			const status = String(operation.status ?? (operation.reply ? 200 : 204));
			expect(Object.keys(documented?.responses ?? {})).toContain(status);
			expect(documented?.responses[status]?.content !== undefined).toBe(operation.reply !== undefined);
		}
	);

	it.each(described)('$method $path uses declared security schemes', ({ operation: documented }) => {
		for (const scheme of documented.security.flatMap(Object.keys))
			expect(Object.keys(securitySchemes)).toContain(scheme);
	});

	it('requires no credentials for public rows', () => {
		for (const { id, operation } of restOperations)
			expect(find(id)?.security.length === 0, id).toBe('public' in operation.access);
	});
});

describe('bodies in the OpenAPI document', () => {
	const getBody = (id: string) => {
		const content = find(id)?.requestBody?.content['application/json']?.schema ?? {};
		return resolve(content);
	};

	it.each([
		['login', ['email', 'password']],
		['signUpAdmin', ['email', 'password', 'name']],
		['changePassword', ['password', 'newPassword']],
		['createUserAdmin', ['email', 'password', 'name']],
		['setUserOnboarding', ['isOnboarded']]
	])('%s requires %j', (id, required) => {
		expect(getBody(id)).toMatchObject({ type: 'object', required });
		for (const name of required) expect(getBody(id)['properties']).toHaveProperty(name);
	});

	it('describe email and passwords', () => {
		expect(getBody('login')['properties']).toMatchObject({
			email: { type: 'string', format: 'email' },
			password: { type: 'string' }
		});
		expect(getBody('changePassword')['properties']).toMatchObject({ newPassword: { type: 'string', minLength: 8 } });
	});

	it.each(['updateMyUser', 'updateUserAdmin', 'deleteUserAdmin', 'resetPassword'])('%s requires nothing', (id) => {
		expect(getBody(id)).toMatchObject({ type: 'object' });
		expect(getBody(id)['required'] ?? []).toEqual([]);
		expect(Object.keys(Schema.parse(getBody(id)['properties']))).not.toEqual([]);
	});

	it('are optional if nothing is required and Immich accepts none', () => {
		for (const id of ['deleteUserAdmin', 'resetPassword']) expect(find(id)?.requestBody?.required).toBe(false);
	});
});
