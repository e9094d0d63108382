import type { DocumentName } from '#lib/contract/settings/groups/index.ts';
import { changedLeaves, toLeaves } from '#lib/contract/settings/document/leaves.ts';
import {
	isSecretSetting,
	redirectedSecrets,
	redirectsSecret,
	unmaskSecrets
} from '#lib/contract/settings/document/secrets.ts';
import type { JsonObject } from '#lib/contract/settings/document/sparse-document.ts';
import { lockOn, type SettingLock } from './setting-locks.ts';
import { secretNeeded, settingsLocked } from './errors.ts';

/**
 * Replaces masks with the stored secrets. `getName` returns the form field's name.
 * @throws {AppError} 400 if the same change would send a secret to another server, where it could be read
 */
export function withStoredSecrets(
	document: JsonObject,
	inForce: JsonObject,
	getName: (path: string) => string = (path) => path
): JsonObject {
	const [redirected] = redirectedSecrets(document, inForce);
	if (redirected) throw secretNeeded(redirected.secret, redirected.setting, getName(redirected.secret));
	return unmaskSecrets(document, inForce);
}

/**
 * Refuses a change that would send a secret from the environment to another server.
 * @throws {AppError} 400 for such a change
 */
export function refuseRedirectedLocks(
	locks: readonly SettingLock[],
	name: DocumentName,
	from: JsonObject,
	to: JsonObject
): void {
	const secretLocks = [...toLeaves(to).keys()]
		.filter((path) => isSecretSetting(path))
		.flatMap((path) => {
			const lock = lockOn(locks, name, path);
			return lock ? [{ beside: path.slice(0, path.lastIndexOf('.') + 1), lock }] : [];
		});
	if (secretLocks.length === 0) return;
	for (const change of changedLeaves(from, to).filter(redirectsSecret)) {
		const held = secretLocks.find(({ beside }) => change.path.slice(0, change.path.lastIndexOf('.') + 1) === beside);
		if (held)
			throw settingsLocked(`${change.path} cannot be changed while the environment variable ${held.lock.by} is set.`);
	}
}
