import type {
	AdminConfigDto as SdkConfig,
	PublicConfigDto as SdkPublicConfig,
	UserConfigDto as SdkUserConfig
} from '@immich/sdk';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { ImmichAuthConfigDto } from '#lib/contract/settings/document/immich-auth.ts';
import {
	AdminConfigDto,
	mergeWithDefaults,
	systemConfigDefaults,
	type SystemConfig
} from '#lib/contract/settings/document/index.ts';
import type { JsonObject, JsonValue } from '#lib/contract/settings/document/sparse-document.ts';
import type { PublicConfig, UserConfig } from '#lib/contract/settings/document/subsets.ts';
import { type Shape, issuesWith } from '#tests/support/settings.ts';

describe('the settings document', () => {
	it('has the keys of the official client', () => {
		expectTypeOf<Shape<SystemConfig>>().toEqualTypeOf<Shape<SdkConfig>>();
		expectTypeOf<Shape<PublicConfig>>().toEqualTypeOf<Shape<SdkPublicConfig>>();
		expectTypeOf<Shape<UserConfig>>().toEqualTypeOf<Shape<SdkUserConfig>>();
	});

	it('accepts its own defaults unchanged', () => {
		expect(AdminConfigDto.parse(systemConfigDefaults)).toEqual(systemConfigDefaults);
		expect(mergeWithDefaults({})).toEqual({ config: systemConfigDefaults, problems: [] });
	});

	it('requires every key except those that Immich lets clients omit', () => {
		const optional: string[] = [];
		const visit = (value: JsonValue, path: string[]) => {
			const without = structuredClone<JsonObject>(systemConfigDefaults);
			let parent = without;
			for (const key of path.slice(0, -1)) {
				const next = parent[key];
				if (typeof next === 'object' && next !== null && !Array.isArray(next)) parent = next;
			}
			Reflect.deleteProperty(parent, path.at(-1) ?? '');
			if (AdminConfigDto.safeParse(without).success) optional.push(path.join('.'));
			if (typeof value === 'object' && value !== null && !Array.isArray(value))
				for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
		};
		for (const [group, value] of Object.entries(systemConfigDefaults)) visit(value, [group]);
		expect(optional.sort()).toEqual([
			'image.fullsize.progressive',
			'image.preview.progressive',
			'image.thumbnail.progressive',
			'oauth.accountManagementUrl'
		]);
	});

	it('accepts the words true and false for booleans, everywhere', () => {
		const asText = (value: JsonValue): JsonValue =>
			typeof value === 'boolean'
				? String(value)
				: typeof value === 'object' && value !== null && !Array.isArray(value)
					? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner)]))
					: value;
		expect(AdminConfigDto.parse(asText(systemConfigDefaults))).toEqual(systemConfigDefaults);
	});

	it('accepts numbers written as text in ffmpeg only', () => {
		expect(issuesWith(({ ffmpeg }) => Object.assign(ffmpeg ?? {}, { crf: '30', bframes: '-1', threads: '4' }))).toEqual(
			[]
		);
		expect(issuesWith(({ ffmpeg }) => Object.assign(ffmpeg ?? {}, { crf: '' }))).toEqual([
			'ffmpeg.crf: Invalid input: expected number, received string'
		]);
		expect(issuesWith(({ trash }) => Object.assign(trash ?? {}, { days: '30' }))).toEqual([
			'trash.days: Invalid input: expected number, received string'
		]);
	});

	it.each([
		['oauth', { issuerUrl: 'nonsense' }, 'oauth.issuerUrl: Issuer URL must be an empty string or a valid URL'],
		[
			'oauth',
			{ issuerUrl: 'javascript:alert(1)' },
			'oauth.issuerUrl: Issuer URL must be an empty string or a valid URL'
		],
		[
			'oauth',
			{ endSessionEndpoint: '/logout' },
			'oauth.endSessionEndpoint: endSessionEndpoint must be an empty string or a valid URL'
		],
		[
			'oauth',
			{ accountManagementUrl: 'javascript:alert(1)' },
			'oauth.accountManagementUrl: Account management URL must be an empty string or a valid URL'
		],
		[
			'oauth',
			{ mobileOverrideEnabled: true, mobileRedirectUri: 'nonsense' },
			'oauth.mobileRedirectUri: Mobile redirect URI must be an empty string or a valid URL'
		],
		['oauth', { timeout: 0 }, 'oauth.timeout: Too small: expected number to be >=1'],
		['oauth', { timeout: 1.5 }, 'oauth.timeout: Invalid input: expected int, received number'],
		['oauth', { defaultStorageQuota: -1 }, 'oauth.defaultStorageQuota: Too small: expected number to be >=0'],
		[
			'server',
			{ externalDomain: 'photos.example.com:443' },
			'server.externalDomain: External domain must be an empty string or a valid URL'
		],
		[
			'nightlyTasks',
			{ startTime: '24:00' },
			'nightlyTasks.startTime: Invalid input: expected string in HH:MM format, received string'
		],
		[
			'nightlyTasks',
			{ startTime: 5 },
			'nightlyTasks.startTime: Invalid input: expected string in HH:MM format, received number'
		],
		['passwordLogin', { enabled: 'yes' }, 'passwordLogin.enabled: Invalid input: expected boolean, received string'],
		['user', { deleteDelay: 0 }, 'user.deleteDelay: Too small: expected number to be >=1'],
		['map', { lightStyle: '' }, 'map.lightStyle: Invalid URL']
	])('refuses %s %j', (group, change, issue) => {
		expect(issuesWith((config) => Object.assign(config[group] ?? {}, change))).toEqual([issue]);
	});

	it('accepts any value for an unused mobile redirect URL', () => {
		expect(issuesWith(({ oauth }) => Object.assign(oauth ?? {}, { mobileRedirectUri: 'nonsense' }))).toEqual([]);
	});

	it('refuses a cron expression with a reason', () => {
		const database = { ...systemConfigDefaults.backup.database, cronExpression: '0 25 * * *' };
		expect(issuesWith(({ backup }) => Object.assign(backup ?? {}, { database }))).toEqual([
			'backup.database.cronExpression: Invalid cron expression. Field value (25) is out of range'
		]);
	});

	it('has titles and descriptions for every setting of the form', () => {
		const form = [
			'oauth',
			'passwordLogin',
			'server',
			'notifications',
			'templates',
			'newVersionCheck',
			'user',
			'trash',
			'theme',
			'logging'
		];
		const untitled: string[] = [];
		const visit = (schema: z.core.$ZodType, path: string) => {
			const { title, description } = z.globalRegistry.get(schema) ?? {};
			if (!title || !description) untitled.push(path);
			if (schema instanceof z.ZodObject)
				for (const [key, inner] of Object.entries<z.core.$ZodType>(schema.shape)) visit(inner, `${path}.${key}`);
		};
		for (const [group, schema] of Object.entries(AdminConfigDto.shape)) if (form.includes(group)) visit(schema, group);
		visit(ImmichAuthConfigDto.shape.passwords, 'passwords');
		visit(ImmichAuthConfigDto.shape.credentials, 'credentials');
		visit(ImmichAuthConfigDto.shape.cookies, 'cookies');
		expect(untitled).toEqual([]);
	});

	it('converts to a JSON schema', () => {
		for (const io of ['input', 'output'] as const)
			expect(JSON.stringify(z.toJSONSchema(AdminConfigDto, { io }))).toContain('"title":"Issuer URL"');
	});
});
