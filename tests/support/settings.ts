import fc from 'fast-check';
import { AdminConfigDto, mergeWithDefaults, systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import type { JsonObject, JsonValue } from '#lib/contract/settings/document/sparse-document.ts';

/** Widens enums and literals to their wire types, and makes optional keys required. */
export type Shape<T> = T extends string
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

export const cron = fc.constantFrom('0 02 * * *', '*/15 * * * *', '0 0 1,15 jan-jun mon', '@daily', '30 0 0 * * *');
export const codec = fc.constantFrom('h264', 'hevc', 'vp9', 'av1');
export const origin = fc.constantFrom(
	'',
	'https://photos.example.com',
	'http://nas:2283',
	'https://photos.example.com:8443'
);
export const webUrl = fc.constantFrom(
	'',
	'https://id.example.com/realms/home',
	'http://id.example.com/.well-known/openid-configuration'
);

/** Generates random texts, numbers and booleans in place of the defaults; settings with their own rules are in `ruled`. */
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

/** Text without surrounding spaces, which copying can leave. */
const copied = fc.string({ minLength: 1 }).filter((text) => text === text.trim());
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
	// Enabling it would test the connection.
	'notifications.smtp.enabled': fc.constant(false),
	'notifications.smtp.transport.port': fc.integer({ min: 0, max: 65_535 }),
	'oauth.issuerUrl': webUrl,
	'oauth.endSessionEndpoint': webUrl,
	'oauth.accountManagementUrl': webUrl,
	'oauth.mobileRedirectUri': fc.constantFrom('', 'app.immich:///oauth-callback', 'https://photos.example.com/callback'),
	'oauth.tokenEndpointAuthMethod': fc.constantFrom('client_secret_post', 'client_secret_basic', 'none'),
	'oauth.clientId': copied,
	'oauth.clientSecret': copied,
	'oauth.storageLabelClaim': copied,
	'oauth.storageQuotaClaim': copied,
	'oauth.roleClaim': copied,
	'oauth.scope': fc.constantFrom('openid', 'openid email', 'profile  openid groups'),
	'oauth.signingAlgorithm': fc.constantFrom('RS256', 'PS512', 'ES384', 'EdDSA'),
	'oauth.profileSigningAlgorithm': fc.constantFrom('none', 'RS256', 'ES256'),
	'oauth.defaultStorageQuota': fc.option(fc.nat()),
	'server.externalDomain': origin
};
export const anyConfig = variedObject(systemConfigDefaults, '').map((config) => AdminConfigDto.parse(config));

export const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
export const problemPaths = (stored: unknown) => mergeWithDefaults(stored).problems.map(({ path }) => path.join('.'));

/** Returns the issues of the defaults with one setting changed, as `path: message`. */
export function issuesWith(change: (config: Record<string, Record<string, unknown>>) => void): string[] {
	const config = structuredClone(systemConfigDefaults) satisfies Record<string, Record<string, unknown>>;
	change(config);
	const issues = AdminConfigDto.safeParse(config).error?.issues ?? [];
	return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}
