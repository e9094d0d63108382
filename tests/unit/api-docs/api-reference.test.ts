import { describe, expect, it } from 'vitest';
import { getArea } from '#lib/server/features/api-docs/api-area.ts';
import { buildExample } from '#lib/server/features/api-docs/api-example.ts';
import { describeField, listFields, describeType } from '#lib/server/features/api-docs/api-fields.ts';
import { describeApi, listApi } from '#lib/server/features/api-docs/api-reference.ts';
import type { JsonSchema } from '#lib/server/features/api-docs/json-schema.ts';
import { restOperations } from '#tests/support/operations.ts';

const definitions: Record<string, JsonSchema> = {
	Color: { type: 'string', enum: ['red', 'blue'] },
	Tree: { type: 'object', properties: { child: { $ref: '#/components/schemas/Tree' }, name: { type: 'string' } } }
};

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
		const schema: JsonSchema = {
			anyOf: [{ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }, { type: 'null' }]
		};
		expect(describeField('quota', schema, false, definitions)).toEqual({
			name: 'quota',
			type: 'whole number or null',
			isRequired: false,
			bounds: ['at least 0'],
			options: []
		});
		expect(describeType({ type: 'array', items: { type: 'object' } }, definitions)).toBe('list of objects');
	});

	it('expand nullable objects', () => {
		const names = describeApi('getUserAdmin').reply?.fields.map(({ name }) => name);
		expect(names).toContain('license.licenseKey');
	});

	it('name nested fields by path, and stop at recursive schemas', () => {
		expect(listFields({ $ref: '#/components/schemas/Tree' }, definitions).map(({ name }) => name)).toEqual([
			'child',
			'name'
		]);
		const list: JsonSchema = { type: 'array', items: { type: 'object', properties: { color: { $ref: '#/x/Color' } } } };
		expect(listFields(list, definitions)).toMatchObject([
			{ name: '[].color', type: 'choice', options: ['red', 'blue'] }
		]);
	});
});

describe('examples', () => {
	it('contain the required fields, or otherwise the first field', () => {
		const properties: Record<string, JsonSchema> = {
			email: { type: 'string', format: 'email' },
			age: { type: 'integer' }
		};
		expect(buildExample({ type: 'object', properties, required: ['age'] }, definitions)).toEqual({ age: 1 });
		expect(buildExample({ type: 'object', properties }, definitions)).toEqual({ email: 'person@example.test' });
		expect(buildExample({ $ref: '#/components/schemas/Tree' }, definitions)).toEqual({ name: 'Olga Example' });
	});
});
