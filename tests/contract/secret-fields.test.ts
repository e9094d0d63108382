import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isSecret, newPassword, newPasswordOrEmpty, pinCode, secret, sentPassword } from '#lib/contract/fields.ts';
import { operations } from '#lib/contract/index.ts';
import { isSecretField, type Operation } from '#lib/contract/operation.ts';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { OAuthProviderDto } from '#lib/contract/settings/document/oauth-providers.ts';
import { listSettingFields } from '#lib/contract/settings/document/setting-fields.ts';
import { listSettingsGroups } from '#lib/contract/settings/groups/index.ts';

const rows: readonly (readonly [string, Operation])[] = Object.entries(operations);
const looksSecret = (name: string) => /password|secret|token|pin_?code/i.test(name.slice(name.lastIndexOf('.') + 1));

const Fields = z.record(z.string(), z.unknown());

/** Lists the texts in a JSON schema that look secret by their name but aren't marked. */
function unmarkedIn(schema: unknown, name = ''): string[] {
	if (Array.isArray(schema)) return schema.flatMap((one) => unmarkedIn(one, name));
	if (typeof schema !== 'object' || schema === null) return [];
	const { type, enum: choices, format, properties = {}, $defs = {}, ...others } = Fields.parse(schema);
	const isUnmarked = [type].flat().includes('string') && !choices && format !== 'password' && looksSecret(name);
	const fields = Object.entries({ ...Fields.parse(properties), ...Fields.parse($defs) });
	return [
		...(isUnmarked ? [name] : []),
		...fields.flatMap(([field, inner]) => unmarkedIn(inner, field)),
		...Object.values(others).flatMap((inner) => unmarkedIn(inner, name))
	];
}

const unmarked = (schema: z.ZodType) => unmarkedIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));

describe('fields of requests', () => {
	it.each(rows)('are marked if their name looks secret: %s', (_, { params, query, body, form }) => {
		for (const schema of [params, query, body, form?.fields]) if (schema) expect(unmarked(schema)).toEqual([]);
	});
});

describe('settings', () => {
	const fields = [
		...listSettingsGroups(immichAuthConfigDefaults).flatMap((group) => group.fields),
		...listSettingFields(OAuthProviderDto)
	];

	it.each(fields)('are marked if their name looks secret, and their form knows: $name', ({ name, kind }) => {
		if (kind === 'text' || kind === 'lines') expect(looksSecret(name)).toBe(false);
		expect(isSecretField(operations.changeSettings.form, name)).toBe(kind === 'secret');
	});
});

describe('the mark', () => {
	it.each<[string, z.ZodType]>([
		['a PIN', pinCode],
		['a new password', newPassword],
		['a password that can be empty', newPasswordOrEmpty],
		['a password to verify', sentPassword],
		['an optional one', pinCode.optional()],
		['one with a default', sentPassword.default('')],
		['one with another check', sentPassword.min(1)],
		['one that is trimmed', secret(z.string().trim())]
	])('is found on %s', (_, schema) => {
		expect(isSecret(schema)).toBe(true);
	});

	it.each<[string, z.ZodType]>([
		['a text', z.string()],
		['a checkbox', z.boolean()],
		['a file', z.custom<Blob>()]
	])('is not found on %s', (_, schema) => {
		expect(isSecret(schema)).toBe(false);
	});
});

describe('the check', () => {
	it.each<[z.ZodType, string[]]>([
		[z.object({ password: z.string() }), ['password']],
		[z.object({ a: z.object({ apiToken: z.string().nullable() }).optional() }), ['apiToken']],
		[z.array(z.union([z.object({ pinCode: z.string() }), z.null()])), ['pinCode']],
		[z.object({ password: sentPassword, withPasswords: z.boolean(), tokenKind: z.enum(['a']) }), []]
	])('finds unmarked fields', (schema, names) => {
		expect(unmarked(schema)).toEqual(names);
	});
});
