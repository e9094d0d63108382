import type { z } from 'zod';
import { AdminConfigDto } from './index.ts';
import { changedLeaves, leavesOf, withLeaves } from './leaves.ts';
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

/** Settings beside a secret that decide which server gets it, but for addresses that only browsers open. */
const destination = /^(?:host|port|server)$|url$|issuer|endpoint$/i;
const openedByBrowsers = new Set(['accountManagementUrl', 'endSessionEndpoint']);
/** Settings that protect a secret on its way, and the value that no longer does. */
const unprotected: Readonly<Record<string, boolean>> = { secure: false, ignoreCert: true, allowInsecureRequests: true };

const nameIn = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('.') + 1);

/** Whether a change sends the secrets beside a setting elsewhere, or without protection. A first address is no other one. */
export function redirectsSecret({ path, from, to }: { path: string; from: JsonValue; to: JsonValue }): boolean {
	const name = nameIn(path);
	if (openedByBrowsers.has(name)) return false;
	return (destination.test(name) && from !== '') || unprotected[name] === to;
}

/** A stored secret, and the changed setting that would send it elsewhere. */
export interface RedirectedSecret {
	readonly secret: string;
	readonly setting: string;
}

/** Lists the stored secrets that a document keeps by their mask while it changes where they are sent. */
export function redirectedSecrets(document: JsonObject, inForce: JsonObject): RedirectedSecret[] {
	const kept = leavesOf(inForce);
	const masked = [...leavesOf(document)].filter(
		([path, value]) => value === secretMask && isSecretSetting(path) && (kept.get(path) ?? '') !== ''
	);
	if (masked.length === 0) return [];
	const changed = changedLeaves(inForce, document).filter(redirectsSecret);
	return masked.flatMap(([secret]) => {
		const moved = changed.find(({ path }) => parentOf(path) === parentOf(secret));
		return moved ? [{ secret, setting: moved.path }] : [];
	});
}
