import type { z } from 'zod';
import { AdminConfigDto } from './index.ts';
import { leavesOf, withLeaves } from './leaves.ts';
import { OAuthProviderDto } from './oauth-providers.ts';
import { settingFieldsOf } from './setting-fields.ts';
import type { JsonObject, JsonValue } from './sparse-document.ts';

/** Stands for a secret that is set. Sent back, it leaves the secret as it is. */
export const secretMask = '********';

/** Lists every setting whose schema calls it a password. */
const secretsOf = (schema: z.ZodType): ReadonlySet<string> =>
	new Set(settingFieldsOf(schema).flatMap(({ name, kind }) => (kind === 'secret' ? [name] : [])));

const ofSystem = secretsOf(AdminConfigDto);
const ofProvider = secretsOf(OAuthProviderDto);

/** Tells it of a path in either document: no path is in both. */
export const isSecretSetting = (path: string): boolean =>
	ofSystem.has(path) || ofProvider.has(/^oauth\.providers\.[^.]+\.(.+)$/.exec(path)?.[1] ?? '');

/** Covers the secrets that are set. */
export const maskSecrets = (document: JsonObject): JsonObject =>
	replaceSecrets(document, (value) => (value === '' ? '' : secretMask));

/** Puts the secrets that are in force back where the mask stands. */
export function unmaskSecrets(document: JsonObject, inForce: JsonObject): JsonObject {
	const kept = leavesOf(inForce);
	return replaceSecrets(document, (value, path) => (value === secretMask ? (kept.get(path) ?? '') : value));
}

function replaceSecrets(document: JsonObject, replace: (value: JsonValue, path: string) => JsonValue): JsonObject {
	const secrets = [...leavesOf(document)].filter(([path]) => isSecretSetting(path));
	return withLeaves(document, new Map(secrets.map(([path, value]) => [path, replace(value, path)])));
}
