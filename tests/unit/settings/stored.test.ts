import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
	AdminConfigDto,
	diffFromDefaults,
	mergeWithDefaults,
	systemConfigDefaults
} from '#lib/contract/settings/document/index.ts';
import { mergeDocument, type JsonObject } from '#lib/contract/settings/document/sparse-document.ts';
import { anyConfig, throughJson, problemPaths } from '#tests/support/settings.ts';

describe('stored settings', () => {
	it('round-trip', () => {
		fc.assert(
			fc.property(anyConfig, (config) => {
				expect(mergeWithDefaults(throughJson(diffFromDefaults(config)))).toEqual({ config, problems: [] });
			})
		);
	});

	it('contain only what differs', () => {
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

	it('keep an empty list', () => {
		const config = { ...systemConfigDefaults, ffmpeg: { ...systemConfigDefaults.ffmpeg, acceptedContainers: [] } };
		expect(diffFromDefaults(config)).toEqual({ ffmpeg: { acceptedContainers: [] } });
	});
});

describe('reading the settings', () => {
	it('never throws on any JSON, and returns valid settings', () => {
		const groups = fc.constantFrom(...Object.keys(systemConfigDefaults));
		fc.assert(
			fc.property(fc.jsonValue(), groups, (json, group) => {
				for (const stored of [json, { [group]: json }, { [group]: { enabled: json } }])
					expect(AdminConfigDto.safeParse(mergeWithDefaults(stored).config).success).toBe(true);
			})
		);
	});

	it('survives any single invalid setting', () => {
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

	it('drops only the invalid settings, and names them', () => {
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

	it('checks rules across settings after the settings themselves', () => {
		const oauth = { enabled: 1, mobileOverrideEnabled: true, mobileRedirectUri: 'nonsense' };
		expect(problemPaths({ oauth })).toEqual(['oauth.enabled', 'oauth.mobileRedirectUri']);
	});

	it.each([[], 'text', 7, true])('treats %j as an empty document', (stored) => {
		expect(mergeWithDefaults(stored).config).toEqual(systemConfigDefaults);
		expect(mergeWithDefaults(stored).problems).toHaveLength(1);
	});

	it('uses the defaults as a whole if a rule stays broken, and reports it if they break it themselves', () => {
		const even = z
			.object({ one: z.int(), two: z.int() })
			.refine(({ one, two }) => one + two === 0, { path: ['one'], message: 'Unequal' });
		expect(mergeDocument(even, { one: 0, two: 0 }, { one: 1, two: 2 })).toEqual({
			config: { one: 0, two: 0 },
			problems: [{ path: ['one'], message: 'Unequal' }]
		});
		expect(() => mergeDocument(even, { one: 1, two: 0 }, {})).toThrow(z.ZodError);
	});

	it('is not misled by prototype keys', () => {
		const stored: unknown = JSON.parse('{"__proto__":{"trash":{"days":1}},"constructor":{"trash":1}}');
		expect(mergeWithDefaults(stored)).toEqual({ config: systemConfigDefaults, problems: [] });
	});

	it('returns no reference to the defaults', () => {
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
		['https://me:secret@photos.example.com:8443/path?query#part', 'https://photos.example.com:8443'],
		['https://me@photos.example.com', 'https://photos.example.com']
	])('reduces the public URL %s to its origin', (externalDomain, expected) => {
		expect(mergeWithDefaults({ server: { externalDomain } }).config.server.externalDomain).toBe(expected);
	});

	it('reads stored URLs without the usernames and passwords that earlier versions accepted', () => {
		const [given, plain] = ['https://me:secret@id.example.com/a?b#c', 'https://id.example.com/a?b#c'];
		const mobile = 'app://me:secret@oauth-callback';
		const { config, problems } = mergeWithDefaults({
			map: { lightStyle: given, darkStyle: given },
			oauth: {
				accountManagementUrl: given,
				endSessionEndpoint: given,
				issuerUrl: 'https://me:secret@id.example.com/a',
				mobileRedirectUri: mobile
			},
			server: { externalDomain: given }
		});
		expect(problems).toEqual([]);
		expect(JSON.stringify(config)).not.toMatch(/secret@|me:/);
		expect(config.map).toMatchObject({ lightStyle: plain, darkStyle: plain });
		expect(config.oauth).toMatchObject({ accountManagementUrl: plain, endSessionEndpoint: plain });
		expect(config.oauth.issuerUrl).toBe('https://id.example.com/a');
	});

	it('accepts the codecs that are produced', () => {
		const { ffmpeg } = mergeWithDefaults({ ffmpeg: { targetVideoCodec: 'av1', targetAudioCodec: 'pcm_s16le' } }).config;
		expect(ffmpeg.acceptedVideoCodecs).toEqual(['h264', 'av1']);
		expect(ffmpeg.acceptedAudioCodecs).toEqual(['aac', 'mp3', 'opus', 'pcm_s16le']);
	});
});
