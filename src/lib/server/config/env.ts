import type { KeyObject } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import type { SystemConfig } from '#lib/contract/system-config/index.ts';
import { readOAuthEnv } from './oauth-env.ts';
import { readPublicKeys } from './public-keys.ts';

const flag = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] });

/** What Immich always trusts as a proxy: this machine. */
const alwaysTrusted = 'loopback';
/** What Immich trusts in addition unless told otherwise. */
const defaultTrustedProxies = 'linklocal, uniquelocal';

/** Where the newest version of Immich, whose interface is spoken here, is told. */
const defaultVersionUrl = 'https://api.github.com/repos/immich-app/immich/releases/latest';

const Env = z.object({
	DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
	DATA_DIR: z.string().default('data'),
	IMMICH_ALLOW_SETUP: flag.default(true),
	IMMICH_TRUSTED_PROXIES: z.string().default(defaultTrustedProxies),
	IMMICH_LOG_LEVEL: z.enum(['verbose', 'debug', 'log', 'warn', 'error', 'fatal']).optional(),
	IMMICH_CONFIG_FILE: z.string().optional(),
	IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE: flag.optional(),
	IMMICH_AUTH_ALLOW_COMMON_PASSWORDS: flag.optional(),
	IMMICH_AUTH_VERSION_URL: z.url({ protocol: /^https?$/ }).default(defaultVersionUrl),
	IMMICH_AUTH_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
	IMMICH_AUTH_METRICS_HOST: z.string().default('127.0.0.1'),
	IMMICH_AUTH_LICENSE_PUBLIC_KEYS: z.string().default('').transform(readPublicKeys)
});

/** What the environment decides; every name and meaning stands in the README. */
export interface AppEnv {
	readonly databaseUrl: string | undefined;
	readonly dataDir: string;
	readonly isSetupAllowed: boolean;
	readonly trustedProxies: readonly string[];
	readonly logLevel: z.output<typeof Env>['IMMICH_LOG_LEVEL'];
	/** Holds Immich’s settings document, which then nobody can change in the database. */
	readonly configFile: string | undefined;
	/** Overrides our setting `passwords.enforceChange`. */
	readonly enforcePasswordChange: boolean | undefined;
	/** Overrides our setting `passwords.allowCommon`. */
	readonly allowCommonPasswords: boolean | undefined;
	/** Overrides settings of the first OAuth provider. */
	readonly oauth: Partial<SystemConfig['oauth']>;
	/** Asked by the version check, where that is switched on. */
	readonly versionUrl: string;
	/** Whose signatures make a product key valid; nobody's where there are none. */
	readonly licensePublicKeys: readonly KeyObject[];
	/** Where metrics are served; nowhere unless a port is named. */
	readonly metrics: { readonly host: string; readonly port: number } | null;
}

/** Reads the environment once; throws one line that names the variable at fault. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): AppEnv {
	const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
	const parsed = Env.safeParse(given);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new Error(`${issue?.path.join('.') ?? 'environment'}: ${issue?.message ?? 'not valid'}`);
	}
	const env = parsed.data;
	return {
		databaseUrl: env.DATABASE_URL,
		dataDir: path.resolve(env.DATA_DIR),
		isSetupAllowed: env.IMMICH_ALLOW_SETUP,
		trustedProxies: [alwaysTrusted, ...env.IMMICH_TRUSTED_PROXIES.split(',').map((entry) => entry.trim())],
		logLevel: env.IMMICH_LOG_LEVEL,
		configFile: env.IMMICH_CONFIG_FILE,
		enforcePasswordChange: env.IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE,
		allowCommonPasswords: env.IMMICH_AUTH_ALLOW_COMMON_PASSWORDS,
		oauth: readOAuthEnv(given),
		versionUrl: env.IMMICH_AUTH_VERSION_URL,
		licensePublicKeys: env.IMMICH_AUTH_LICENSE_PUBLIC_KEYS,
		metrics:
			env.IMMICH_AUTH_METRICS_PORT === undefined
				? null
				: { host: env.IMMICH_AUTH_METRICS_HOST, port: env.IMMICH_AUTH_METRICS_PORT }
	};
}
