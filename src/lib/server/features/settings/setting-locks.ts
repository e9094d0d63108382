import type { DocumentName } from '#lib/contract/settings/groups/index.ts';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import { getVariableName } from '#lib/server/platform/config/oauth-env.ts';

/** A part of a document that is locked by the environment. */
export interface SettingLock {
	readonly document: DocumentName;
	/** The path of a setting or group; empty for the whole document. */
	readonly path: string;
	/** The environment variable. */
	readonly by: string;
	/**
	 * The error message for attempts to change it.
	 * Source: docs/wire-reference/settings.md#config-file-and-environment.
	 */
	readonly refusal: string;
}

export const configFileVariable = 'IMMICH_CONFIG_FILE';

/** Lists the settings locked by the current environment. */
export function listSettingLocks({
	configFile,
	logLevel,
	enforcePasswordChange,
	allowCommonPasswords,
	oauth
}: AppEnv): SettingLock[] {
	const whole = {
		document: 'system',
		path: '',
		by: configFileVariable,
		refusal: `Cannot update configuration while ${configFileVariable} is in use`
	} as const;
	const logging = {
		document: 'system',
		path: 'logging',
		by: 'IMMICH_LOG_LEVEL',
		refusal: 'Logging cannot be changed while the environment variable IMMICH_LOG_LEVEL is set.'
	} as const;
	const enforceChange = {
		document: 'immichAuth',
		path: 'passwords.enforceChange',
		by: 'IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE',
		refusal:
			'passwords.enforceChange cannot be changed while the environment variable IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE is set.'
	} as const;
	const allowCommon = {
		document: 'immichAuth',
		path: 'passwords.allowCommon',
		by: 'IMMICH_AUTH_ALLOW_COMMON_PASSWORDS',
		refusal:
			'passwords.allowCommon cannot be changed while the environment variable IMMICH_AUTH_ALLOW_COMMON_PASSWORDS is set.'
	} as const;
	const provider = Object.keys(oauth).map((name) => {
		const [path, by] = [`oauth.${name}`, getVariableName(name)];
		const refusal = `${path} cannot be changed while the environment variable ${by} is set.`;
		return { document: 'system', path, by, refusal } as const;
	});
	return [
		...(configFile === undefined ? [] : [whole]),
		...(logLevel === undefined ? [] : [logging]),
		...(enforcePasswordChange === undefined ? [] : [enforceChange]),
		...(allowCommonPasswords === undefined ? [] : [allowCommon]),
		...provider
	];
}

/** Returns the lock of a setting. */
export const lockOn = (locks: readonly SettingLock[], document: DocumentName, path: string): SettingLock | undefined =>
	locks.find(
		(lock) => lock.document === document && (lock.path === '' || path === lock.path || path.startsWith(`${lock.path}.`))
	);
