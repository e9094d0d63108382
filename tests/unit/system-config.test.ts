import type {
	AdminConfigDto as SdkConfig,
	PublicConfigDto as SdkPublicConfig,
	UserConfigDto as SdkUserConfig
} from '@immich/sdk';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { cronProblem } from '#lib/contract/system-config/cron.ts';
import {
	diffImmichAuthConfig,
	ImmichAuthConfigDto,
	immichAuthConfigDefaults,
	mergeImmichAuthConfig
} from '#lib/contract/system-config/immich-auth.ts';
import {
	AdminConfigDto,
	diffFromDefaults,
	mergeWithDefaults,
	systemConfigDefaults,
	type SystemConfig
} from '#lib/contract/system-config/index.ts';
import { mergeDocument, type JsonObject, type JsonValue } from '#lib/contract/system-config/sparse-document.ts';
import {
	pickPublicConfig,
	pickUserConfig,
	type PublicConfig,
	type UserConfig
} from '#lib/contract/system-config/subsets.ts';

/** Takes enums and literals for what they are on the wire, and optional keys for present ones. */
type Shape<T> = T extends string
	? string
	: T extends number
		? number
		: T extends boolean
			? boolean
			: T extends null
				? null
				: T extends readonly (infer Item)[]
					? Shape<Item>[]
					: { [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };

const cron = fc.constantFrom('0 02 * * *', '*/15 * * * *', '0 0 1,15 jan-jun mon', '@daily', '30 0 0 * * *');
const codec = fc.constantFrom('h264', 'hevc', 'vp9', 'av1');
const origin = fc.constantFrom(
	'',
	'https://photos.example.com',
	'http://nas:2283',
	'https://me:secret@photos.example.com:8443'
);
const webUrl = fc.constantFrom(
	'',
	'https://id.example.com/realms/home',
	'http://id.example.com/.well-known/openid-configuration'
);

/** Makes any text, number and boolean of the defaults vary; what has rules of its own is named in `ruled`. */
function varied(value: JsonValue, path: string): fc.Arbitrary<JsonValue> {
	const own = ruled[path];
	if (own) return own;
	if (path.endsWith('.cronExpression')) return cron;
	if (path.endsWith('.progressive') || typeof value === 'boolean') return fc.boolean();
	if (path.endsWith('.quality')) return fc.integer({ min: 1, max: 100 });
	if (path.endsWith('.format')) return fc.constantFrom('jpeg', 'webp');
	if (typeof value === 'string') return fc.string({ minLength: 1 });
	if (typeof value === 'number') return fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
	if (value === null || Array.isArray(value)) throw new Error(`Say how ${path} may vary`);
	return variedObject(value, path);
}

function variedObject(value: JsonObject, path: string): fc.Arbitrary<JsonObject> {
	return fc.record(
		Object.fromEntries(
			Object.entries(value).map(([key, inner]) => [key, varied(inner, `${path}.${key}`.replace(/^\./, ''))])
		)
	);
}

const share = (from: number, to: number) => fc.double({ min: from, max: to, noNaN: true });
const ruled: Partial<Record<string, fc.Arbitrary<JsonValue>>> = {
	'ffmpeg.crf': fc.integer({ min: 0, max: 51 }),
	'ffmpeg.bframes': fc.integer({ min: -1, max: 16 }),
	'ffmpeg.refs': fc.integer({ min: 0, max: 6 }),
	'ffmpeg.targetVideoCodec': fc.constant('vp9'),
	'ffmpeg.acceptedVideoCodecs': fc.constantFrom(['vp9'], ['av1', 'vp9'], ['h264', 'hevc', 'vp9']),
	'ffmpeg.targetAudioCodec': fc.constant('opus'),
	'ffmpeg.acceptedAudioCodecs': fc.constantFrom(['opus'], ['aac', 'opus', 'mp3']),
	'ffmpeg.acceptedContainers': fc.constantFrom([], ['mov'], ['webm', 'ogg']),
	'ffmpeg.cqMode': fc.constantFrom('auto', 'cqp', 'icq'),
	'ffmpeg.transcode': fc.constantFrom('all', 'optimal', 'bitrate', 'required', 'disabled'),
	'ffmpeg.tonemap': fc.constantFrom('hable', 'mobius', 'reinhard', 'disabled'),
	'ffmpeg.accel': fc.constantFrom('nvenc', 'qsv', 'vaapi', 'rkmpp', 'disabled'),
	'ffmpeg.realtime.videoCodecs': fc.uniqueArray(codec),
	'ffmpeg.realtime.resolutions': fc.uniqueArray(fc.constantFrom(480, 720, 1080, 1440, 2160)),
	'image.colorspace': fc.constantFrom('srgb', 'p3'),
	'integrityChecks.checksumFiles.percentageLimit': share(0.01, 1),
	'logging.level': fc.constantFrom('verbose', 'debug', 'log', 'warn', 'error', 'fatal'),
	'machineLearning.urls': fc.array(fc.string(), { minLength: 1 }),
	'machineLearning.duplicateDetection.maxDistance': share(0.001, 0.1),
	'machineLearning.facialRecognition.minScore': share(0.1, 1),
	'machineLearning.facialRecognition.maxDistance': share(0.1, 2),
	'machineLearning.ocr.minDetectionScore': share(0.1, 1),
	'machineLearning.ocr.minRecognitionScore': share(0.1, 1),
	'map.lightStyle': fc.webUrl(),
	'map.darkStyle': fc.webUrl(),
	'newVersionCheck.channel': fc.constantFrom('stable', 'releaseCandidate'),
	'nightlyTasks.startTime': fc.constantFrom('00:00', '09:30', '23:59'),
	'notifications.smtp.transport.port': fc.integer({ min: 0, max: 65_535 }),
	'oauth.issuerUrl': webUrl,
	'oauth.endSessionEndpoint': webUrl,
	'oauth.accountManagementUrl': webUrl,
	'oauth.mobileRedirectUri': fc.constantFrom('', 'app.immich:///oauth-callback', 'https://photos.example.com/callback'),
	'oauth.tokenEndpointAuthMethod': fc.constantFrom('client_secret_post', 'client_secret_basic'),
	'oauth.defaultStorageQuota': fc.option(fc.nat()),
	'server.externalDomain': origin
};
const anyConfig = variedObject(systemConfigDefaults, '').map((config) => AdminConfigDto.parse(config));

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const problemPaths = (stored: unknown) => mergeWithDefaults(stored).problems.map(({ path }) => path.join('.'));

/** Gives the issues of the defaults with one setting changed, as `path: message`. */
function issuesWith(change: (config: Record<string, Record<string, unknown>>) => void): string[] {
	const config = structuredClone(systemConfigDefaults) satisfies Record<string, Record<string, unknown>>;
	change(config);
	const issues = AdminConfigDto.safeParse(config).error?.issues ?? [];
	return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

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

	it('demands every key but those that Immich lets clients leave out', () => {
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

	it('takes the words true and false for booleans, everywhere', () => {
		const asText = (value: JsonValue): JsonValue =>
			typeof value === 'boolean'
				? String(value)
				: typeof value === 'object' && value !== null && !Array.isArray(value)
					? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner)]))
					: value;
		expect(AdminConfigDto.parse(asText(systemConfigDefaults))).toEqual(systemConfigDefaults);
	});

	it('takes numbers written as text in ffmpeg only', () => {
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

	it('lets an unused mobile redirect address be anything', () => {
		expect(issuesWith(({ oauth }) => Object.assign(oauth ?? {}, { mobileRedirectUri: 'nonsense' }))).toEqual([]);
	});

	it('refuses a cron expression with a reason', () => {
		const database = { ...systemConfigDefaults.backup.database, cronExpression: '0 25 * * *' };
		expect(issuesWith(({ backup }) => Object.assign(backup ?? {}, { database }))).toEqual([
			'backup.database.cronExpression: Invalid cron expression. The field hour does not allow "25"'
		]);
	});

	it('carries titles and descriptions for every setting of the form', () => {
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

	it('becomes a JSON schema', () => {
		for (const io of ['input', 'output'] as const)
			expect(JSON.stringify(z.toJSONSchema(AdminConfigDto, { io }))).toContain('"title":"Issuer URL"');
	});
});

describe('what is stored of the settings', () => {
	it('reads back as it was', () => {
		fc.assert(
			fc.property(anyConfig, (config) => {
				expect(mergeWithDefaults(throughJson(diffFromDefaults(config)))).toEqual({ config, problems: [] });
			})
		);
	});

	it('is only what differs', () => {
		expect(diffFromDefaults(systemConfigDefaults)).toEqual({});
		const { config } = mergeWithDefaults({
			oauth: { enabled: true, scope: 'openid email profile' },
			job: { ocr: { concurrency: 4 } }
		});
		expect(diffFromDefaults(config)).toEqual({ oauth: { enabled: true }, job: { ocr: { concurrency: 4 } } });
	});

	it('cannot blank a setting that has a default', () => {
		const config = { ...systemConfigDefaults, oauth: { ...systemConfigDefaults.oauth, scope: '' } };
		expect(diffFromDefaults(config)).toEqual({});
	});

	it('keeps an empty list', () => {
		const config = { ...systemConfigDefaults, ffmpeg: { ...systemConfigDefaults.ffmpeg, acceptedContainers: [] } };
		expect(diffFromDefaults(config)).toEqual({ ffmpeg: { acceptedContainers: [] } });
	});
});

describe('reading the settings', () => {
	it('never fails on any JSON, and what it gives is valid', () => {
		const groups = fc.constantFrom(...Object.keys(systemConfigDefaults));
		fc.assert(
			fc.property(fc.jsonValue(), groups, (json, group) => {
				for (const stored of [json, { [group]: json }, { [group]: { enabled: json } }])
					expect(AdminConfigDto.safeParse(mergeWithDefaults(stored).config).success).toBe(true);
			})
		);
	});

	it('survives any single setting being spoilt', () => {
		fc.assert(
			fc.property(anyConfig, fc.jsonValue(), fc.nat(), (config, json, pick) => {
				const stored = structuredClone<JsonObject>(config);
				let at = stored;
				for (;;) {
					const keys = Object.keys(at);
					const key = keys[pick % keys.length] ?? '';
					const next = at[key];
					if (typeof next !== 'object' || next === null || Array.isArray(next)) {
						Object.assign(at, { [key]: json });
						break;
					}
					at = next;
				}
				expect(AdminConfigDto.safeParse(mergeWithDefaults(stored).config).success).toBe(true);
			})
		);
	});

	it('gives up only the settings that are wrong, and names them', () => {
		const stored = {
			oauth: { enabled: 'maybe', clientId: 'photos' },
			machineLearning: { urls: ['http://a', 5, null] },
			trash: 'none',
			unknownGroup: { enabled: true }
		};
		const { config, problems } = mergeWithDefaults(stored);
		expect(config).toEqual({ ...systemConfigDefaults, oauth: { ...systemConfigDefaults.oauth, clientId: 'photos' } });
		expect(problems).toEqual([
			{ path: ['machineLearning', 'urls'], message: 'Invalid input: expected string, received number' },
			{ path: ['oauth', 'enabled'], message: 'Invalid input: expected boolean, received string' },
			{ path: ['trash'], message: 'Invalid input: expected object, received string' }
		]);
	});

	it('judges rules over several settings after the settings themselves', () => {
		const oauth = { enabled: 1, mobileOverrideEnabled: true, mobileRedirectUri: 'nonsense' };
		expect(problemPaths({ oauth })).toEqual(['oauth.enabled', 'oauth.mobileRedirectUri']);
	});

	it.each([[], 'text', 7, true])('takes %j for a document with nothing in it', (stored) => {
		expect(mergeWithDefaults(stored).config).toEqual(systemConfigDefaults);
		expect(mergeWithDefaults(stored).problems).toHaveLength(1);
	});

	it('takes the defaults as a whole where a rule stays broken, and complains where they break it themselves', () => {
		const even = z
			.object({ one: z.int(), two: z.int() })
			.refine(({ one, two }) => one + two === 0, { path: ['one'], message: 'Unequal' });
		expect(mergeDocument(even, { one: 0, two: 0 }, { one: 1, two: 2 })).toEqual({
			config: { one: 0, two: 0 },
			problems: [{ path: ['one'], message: 'Unequal' }]
		});
		expect(() => mergeDocument(even, { one: 1, two: 0 }, {})).toThrow(z.ZodError);
	});

	it('is not misled by keys of the prototype', () => {
		const stored: unknown = JSON.parse('{"__proto__":{"trash":{"days":1}},"constructor":{"trash":1}}');
		expect(mergeWithDefaults(stored)).toEqual({ config: systemConfigDefaults, problems: [] });
	});

	it('hands out no part of the defaults themselves', () => {
		const { config } = mergeWithDefaults({});
		config.ffmpeg.acceptedVideoCodecs.push('av1');
		config.trash.days = 1;
		expect(mergeWithDefaults({}).config).toMatchObject({
			ffmpeg: { acceptedVideoCodecs: ['h264'] },
			trash: { days: 30 }
		});
	});

	it.each([
		['https://photos.example.com/', 'https://photos.example.com'],
		['https://me:secret@photos.example.com:8443/path?query#part', 'https://me:secret@photos.example.com:8443']
	])('cuts the public address %s down to its origin', (externalDomain, expected) => {
		expect(mergeWithDefaults({ server: { externalDomain } }).config.server.externalDomain).toBe(expected);
	});

	it('accepts the codecs that are produced', () => {
		const { ffmpeg } = mergeWithDefaults({ ffmpeg: { targetVideoCodec: 'av1', targetAudioCodec: 'pcm_s16le' } }).config;
		expect(ffmpeg.acceptedVideoCodecs).toEqual(['h264', 'av1']);
		expect(ffmpeg.acceptedAudioCodecs).toEqual(['aac', 'mp3', 'opus', 'pcm_s16le']);
	});
});

describe('what others than administrators see of the settings', () => {
	it('is for everybody only what the login page needs', () => {
		expect(pickPublicConfig(systemConfigDefaults)).toEqual({
			oauth: { autoLaunch: false, buttonText: 'Login with OAuth', enabled: false },
			passwordLogin: { enabled: true },
			server: { loginPageMessage: '' },
			theme: { customCss: '' }
		});
	});

	it('holds no secret', () => {
		fc.assert(
			fc.property(anyConfig, (config) => {
				config.oauth.clientSecret = 'the secret of the client';
				config.notifications.smtp.transport.password = 'the password of the mail server';
				const seen = JSON.stringify([pickPublicConfig(config), pickUserConfig(config)]);
				expect(seen).not.toContain('the secret of the client');
				expect(seen).not.toContain('the password of the mail server');
			})
		);
	});
});

describe('our own settings document', () => {
	const anyAuthConfig = fc.record({
		passwords: fc.record({ temporaryLifetimeDays: fc.integer({ min: 1, max: 365 }), enforceChange: fc.boolean() }),
		credentials: fc.record({ acceptInQuery: fc.boolean() }),
		cookies: fc.record({ alwaysSecure: fc.boolean() })
	});

	it('accepts its own defaults unchanged', () => {
		expect(ImmichAuthConfigDto.parse(immichAuthConfigDefaults)).toEqual(immichAuthConfigDefaults);
		expect(diffImmichAuthConfig(immichAuthConfigDefaults)).toEqual({});
	});

	it('reads back as it was stored', () => {
		fc.assert(
			fc.property(anyAuthConfig, (config) => {
				expect(mergeImmichAuthConfig(throughJson(diffImmichAuthConfig(config)))).toEqual({ config, problems: [] });
			})
		);
	});

	it('never fails on any JSON', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (json) => {
				for (const stored of [json, { passwords: json }, { passwords: { temporaryLifetimeDays: json } }])
					expect(ImmichAuthConfigDto.safeParse(mergeImmichAuthConfig(stored).config).success).toBe(true);
			})
		);
	});

	it('falls back to its safe default where a stored value is out of bounds', () => {
		const { config, problems } = mergeImmichAuthConfig({
			passwords: { temporaryLifetimeDays: 366, enforceChange: false }
		});
		expect(config.passwords).toEqual({ temporaryLifetimeDays: 7, enforceChange: false });
		expect(problems.map(({ path }) => path)).toEqual([['passwords', 'temporaryLifetimeDays']]);
	});
});

describe('cron expressions', () => {
	it.each([
		'0 02 * * *',
		'*/5 0-6,22-23 1,15 * *',
		'0 0 * JAN-mar mon,FRI',
		'0 0 ? * 7',
		'10 0/2 * * *',
		'0 0 2 * * *',
		'@daily',
		'  0  0 * * * '
	])('accepts %j', (expression) => {
		expect(cronProblem(expression)).toBeUndefined();
	});

	it.each([
		'',
		'* * * *',
		'* * * * * * *',
		'60 * * * *',
		'* 24 * * *',
		'* * 0 * *',
		'* * * 13 *',
		'* * * * 8',
		'5-1 * * * *',
		'*/0 * * * *',
		'1/2/3 * * * *',
		'1-2-3 * * * *',
		'1,,2 * * * *',
		'- * * * *',
		'mon * * * *',
		'@sometimes'
	])('refuses %j', (expression) => {
		expect(cronProblem(expression)).toEqual(expect.any(String));
	});

	it('never fails on any text', () => {
		fc.assert(fc.property(fc.string(), (text) => void cronProblem(text)));
	});
});
