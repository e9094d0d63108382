import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { getArea } from '#lib/server/features/api-docs/api-area.ts';
import { buildExample } from '#lib/server/features/api-docs/api-example.ts';
import { describeField, listFields, describeType } from '#lib/server/features/api-docs/api-fields.ts';
import { describeApi, listApi } from '#lib/server/features/api-docs/api-reference.ts';
import { toJsonSchema } from '#lib/server/features/api-docs/json-schema.ts';
import { restOperations } from '#tests/support/operations.ts';

const Tree = z
	.object({
		get child() {
			return Tree.optional();
		},
		name: z.string()
	})
	.partial()
	.meta({ id: 'TestTree' });
const Color = z.enum(['red', 'blue']).meta({ id: 'TestColor' });
const convert = (schema: z.ZodType) => toJsonSchema(schema, 'output');

describe('the list of operations', () => {
	it('has every operation of the contract once, without twins', () => {
		const ids = new Set<string>(restOperations.map(({ id }) => id));
		expect(
			listApi()
				.map(({ id }) => id)
				.sort()
		).toEqual([...ids].sort());
	});

	it('shows who can use an operation', () => {
		const [login, create] = [describeApi('login'), describeApi('createUserAdmin')];
		expect([login.permission, login.isAdminOnly]).toEqual([null, false]);
		expect([create.permission, create.isAdminOnly]).toEqual(['adminUser.create', true]);
		expect(describeApi('logout').permission).toBe('all');
		expect([describeApi('updateUserAdmin').twin, describeApi('getUserAdmin').twin]).toEqual(['PATCH', null]);
	});

	it.each(listApi())('$id has an example that matches its schema', ({ id }) => {
		const { body } = describeApi(id);
		if (!body) return;
		const example: unknown = JSON.parse(body.example);
		expect(example).toBeTypeOf('object');
		for (const { name, isRequired } of body.fields)
			if (isRequired && !name.includes('.')) expect(example).toHaveProperty(name);
	});

	it('throws for an unknown operation', () => {
		expect(() => describeApi('nonsense')).toThrow('There is no such operation');
		expect(() => describeApi('__proto__')).toThrow();
	});
});

describe('areas', () => {
	it.each([
		['/api/admin/users/{id}', 'Administration: users'],
		['/api/auth/login', 'Sign-in'],
		['/api/system-metadata/admin-onboarding', 'System metadata'],
		['/.well-known/immich', 'Server']
	])('%s belongs to %s', (path, area) => {
		expect(getArea(path)).toBe(area);
	});
});

describe('field descriptions', () => {
	it('include types, null and bounds', () => {
		expect(describeField('quota', convert(z.int().min(0).nullable()), false)).toEqual({
			name: 'quota',
			type: 'whole number or null',
			isRequired: false,
			bounds: ['at least 0'],
			options: []
		});
		expect(describeType(convert(z.array(z.object({}))))).toBe('list of objects');
	});

	it('expand nullable objects', () => {
		const names = describeApi('getUserAdmin').reply?.fields.map(({ name }) => name);
		expect(names).toContain('license.licenseKey');
	});

	it('name nested fields by path, and stop at recursive schemas', () => {
		expect(listFields(convert(Tree)).map(({ name }) => name)).toEqual(['child', 'name']);
		expect(listFields(convert(z.array(z.object({ color: Color }))))).toMatchObject([
			{ name: '[].color', type: 'choice', options: ['red', 'blue'] }
		]);
	});
});

describe('examples', () => {
	it('contain the required fields, or otherwise the first field', () => {
		const optional = z.object({ email: z.email().optional(), age: z.int().optional() });
		expect(buildExample(convert(optional.required({ age: true })))).toEqual({ age: 1 });
		expect(buildExample(convert(optional))).toEqual({ email: 'person@example.test' });
		expect(buildExample(convert(Tree))).toEqual({ name: 'Olga Example' });
	});
});
