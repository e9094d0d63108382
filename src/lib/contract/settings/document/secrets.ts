import type { z } from 'zod';
import { AdminConfigDto } from './index.ts';
import { changedLeaves, toLeaves, withLeaves } from './leaves.ts';
import { OAuthProviderDto } from './oauth-providers.ts';
import { listSettingFields } from './setting-fields.ts';
import type { JsonObject, JsonValue } from './sparse-document.ts';

/** Placeholder for a stored secret. Sending it back leaves the secret unchanged. */
export const secretMask = '********';

/** Lists every setting whose schema marks it as a password. */
const listSecretPaths = (schema: z.ZodType): ReadonlySet<string> =>
	new Set(listSettingFields(schema).flatMap(({ name, kind }) => (kind === 'secret' ? [name] : [])));

const nameIn = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

const ofSystem = listSecretPaths(AdminConfigDto);
const ofProvider = listSecretPaths(OAuthProviderDto);
const secretNames = new Set([...ofSystem, ...ofProvider].map(nameIn));

/** Works for both documents: no path is in both. */
export const isSecretSetting = (path: string): boolean =>
	ofSystem.has(path) || ofProvider.has(/^oauth\.providers\.[^.]+\.(.+)$/.exec(path)?.[1] ?? '');

/** Whether a form's field is for a secret; its name ends with the setting's. */
export const isSecretSettingField = (name: string): boolean => secretNames.has(nameIn(name));

/** Masks the secrets that are set. */
export const maskSecrets = (document: JsonObject): JsonObject =>
	replaceSecrets(document, (value) => (value === '' ? '' : secretMask));

/** Replaces masks with the current secrets. */
export function unmaskSecrets(document: JsonObject, inForce: JsonObject): JsonObject {
	const kept = toLeaves(inForce);
	return replaceSecrets(document, (value, path) => (value === secretMask ? (kept.get(path) ?? '') : value));
}

function replaceSecrets(document: JsonObject, replace: (value: JsonValue, path: string) => JsonValue): JsonObject {
	const secrets = [...toLeaves(document)].filter(([path]) => isSecretSetting(path));
	return withLeaves(document, new Map(secrets.map(([path, value]) => [path, replace(value, path)])));
}

/** Settings next to a secret that decide which server receives it, except URLs that only browsers open. */
const destination = /^(?:host|port|server)$|url$|issuer|endpoint$/i;
const openedByBrowsers = new Set(['accountManagementUrl', 'endSessionEndpoint']);
/** Settings that protect a secret in transit, and their unsafe value. */
const unprotected: Readonly<Record<string, boolean>> = { secure: false, ignoreCert: true, allowInsecureRequests: true };

const getParentPath = (path: string): string => path.slice(0, path.lastIndexOf('.') + 1);

/** Whether a change sends neighboring secrets elsewhere or unprotected. Setting a first address doesn't count. */
export function redirectsSecret({ path, from, to }: { path: string; from: JsonValue; to: JsonValue }): boolean {
	const name = nameIn(path);
	if (openedByBrowsers.has(name)) return false;
	return (destination.test(name) && from !== '') || unprotected[name] === to;
}

/** A stored secret and the changed setting that would send it elsewhere. */
export interface RedirectedSecret {
	readonly secret: string;
	readonly setting: string;
}

/** Lists masked secrets whose destination changes in the document. */
export function redirectedSecrets(document: JsonObject, inForce: JsonObject): RedirectedSecret[] {
	const kept = toLeaves(inForce);
	const masked = [...toLeaves(document)].filter(
		([path, value]) => value === secretMask && isSecretSetting(path) && (kept.get(path) ?? '') !== ''
	);
	if (masked.length === 0) return [];
	const changed = changedLeaves(inForce, document).filter(redirectsSecret);
	return masked.flatMap(([secret]) => {
		const moved = changed.find(({ path }) => getParentPath(path) === getParentPath(secret));
		return moved ? [{ secret, setting: moved.path }] : [];
	});
}
