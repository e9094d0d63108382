import type { KeyObject } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import type { SystemConfig } from '#lib/contract/settings/document/index.ts';
import type { SecretEnv } from '../secrets/master-key.ts';
import { readDatabaseEnv, type DatabaseAddress } from './database-env.ts';
import { readOAuthEnv } from './oauth-env.ts';
import { ownVariables } from './own-variables.ts';
import { readPublicKeys } from './public-keys.ts';
import { readSecretEnv } from './secret-env.ts';
import { readVariable } from './variable-file.ts';

const flag = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] });

/** Immich always trusts this machine as a proxy. */
const alwaysTrusted = 'loopback';
/** What Immich also trusts by default. */
const defaultTrustedProxies = 'linklocal, uniquelocal';

/** Where the latest version of Immich, whose API this server implements, is published. */
const defaultVersionUrl = 'https://api.github.com/repos/immich-app/immich/releases/latest';

/** Packagers' build info, by the field of /server/about that shows it; the variables are Immich's. */
const buildVariables = {
	build: 'IMMICH_BUILD',
	buildUrl: 'IMMICH_BUILD_URL',
	buildImage: 'IMMICH_BUILD_IMAGE',
	buildImageUrl: 'IMMICH_BUILD_IMAGE_URL',
	repository: 'IMMICH_REPOSITORY',
	repositoryUrl: 'IMMICH_REPOSITORY_URL',
	sourceRef: 'IMMICH_SOURCE_REF',
	sourceCommit: 'IMMICH_SOURCE_COMMIT',
	sourceUrl: 'IMMICH_SOURCE_URL',
	thirdPartySourceUrl: 'IMMICH_THIRD_PARTY_SOURCE_URL',
	thirdPartyBugFeatureUrl: 'IMMICH_THIRD_PARTY_BUG_FEATURE_URL',
	thirdPartyDocumentationUrl: 'IMMICH_THIRD_PARTY_DOCUMENTATION_URL',
	thirdPartySupportUrl: 'IMMICH_THIRD_PARTY_SUPPORT_URL'
} as const;
export type BuildFacts = Readonly<Partial<Record<keyof typeof buildVariables, string>>>;

const readBuild = (variables: Readonly<Record<string, string | undefined>>): BuildFacts =>
	Object.fromEntries(
		Object.entries(buildVariables).flatMap(([name, variable]) => {
			const value = variables[variable];
			return value === undefined ? [] : [[name, value] as const];
		})
	);

const portNumber = z
	.string()
	.trim()
	.regex(/^\d{1,5}$/, 'must be the number of a port')
	.transform(Number)
	.refine((port) => port <= 65_535, 'must be the number of a port');

/** An address without path, query or credentials: what is forwarded keeps its own path. */
const origin = z
	.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
	.transform((text) => new URL(text))
	.refine((url) => url.href === `${url.origin}/`, 'must have neither a path nor a user')
	.transform((url) => url.origin);

const Env = z.object({
	DATA_DIR: z.string().default('data'),
	IMMICH_ALLOW_SETUP: flag.default(true),
	IMMICH_TRUSTED_PROXIES: z.string().default(defaultTrustedProxies),
	IMMICH_MACHINE_LEARNING_ENABLED: z.string().optional(),
	IMMICH_LOG_LEVEL: z.enum(['verbose', 'debug', 'log', 'warn', 'error', 'fatal']).optional(),
	IMMICH_CONFIG_FILE: z.string().optional(),
	IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE: flag.optional(),
	IMMICH_AUTH_ALLOW_COMMON_PASSWORDS: flag.optional(),
	IMMICH_AUTH_VERSION_URL: z.url({ protocol: /^https?$/ }).default(defaultVersionUrl),
	IMMICH_UPSTREAM_URL: origin.optional(),
	IMMICH_AUTH_METRICS_PORT: portNumber.optional(),
	IMMICH_AUTH_METRICS_HOST: z.string().default('127.0.0.1'),
	IMMICH_AUTH_LICENSE_PUBLIC_KEYS: z.string().default('').transform(readPublicKeys)
});

/** Configuration from the environment; the README documents every variable. */
export interface AppEnv {
	/** If unset, the embedded database is used. */
	readonly database: DatabaseAddress | undefined;
	readonly dataDir: string;
	readonly isSetupAllowed: boolean;
	/** Replaces the generated setup code; `none` disables it. */
	readonly setupCode: string | undefined;
	readonly trustedProxies: readonly string[];
	readonly logLevel: z.output<typeof Env>['IMMICH_LOG_LEVEL'];
	/** Whether a separate program runs machine learning on photos. */
	readonly hasMachineLearning: boolean;
	/** A file with Immich's settings document, which then can't be changed in the database. */
	readonly configFile: string | undefined;
	/** Overrides the setting `passwords.enforceChange`. */
	readonly enforcePasswordChange: boolean | undefined;
	/** Build info shown at /server/about. */
	readonly build: BuildFacts;
	/** Overrides the setting `passwords.allowCommon`. */
	readonly allowCommonPasswords: boolean | undefined;
	/** Overrides settings of the first OAuth provider. */
	readonly oauth: Partial<SystemConfig['oauth']>;
	/** The encryption key for secrets in the database; a file in `dataDir` if none is given. */
	readonly secrets: SecretEnv;
	/** Requested by the version check, if that is enabled. */
	readonly versionUrl: string;
	/** Public keys that verify product keys; without any, no product key is valid. */
	readonly licensePublicKeys: readonly KeyObject[];
	/** The origin of the Immich that this server is in front of. */
	readonly upstreamUrl: string | undefined;
	/** Where metrics are served; null unless a port is set. */
	readonly metrics: { readonly host: string; readonly port: number } | null;
}

/**
 * Reads the environment once.
 * @throws {Error} if a variable is invalid; its one line names the variable
 */
export function readEnv(source: Readonly<Record<string, string | undefined>>): AppEnv {
	const variables = ownVariables(source).env;
	const parsed = Env.safeParse(variables);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new Error(`${issue?.path.join('.') ?? 'environment'}: ${issue?.message ?? 'not valid'}`);
	}
	const env = parsed.data;
	return {
		database: readDatabaseEnv(variables),
		dataDir: path.resolve(env.DATA_DIR),
		isSetupAllowed: env.IMMICH_ALLOW_SETUP,
		setupCode: readVariable(variables, 'IMMICH_AUTH_SETUP_CODE')?.trim() || undefined,
		trustedProxies: [alwaysTrusted, ...env.IMMICH_TRUSTED_PROXIES.split(',').map((entry) => entry.trim())],
		logLevel: env.IMMICH_LOG_LEVEL,
		hasMachineLearning: env.IMMICH_MACHINE_LEARNING_ENABLED === 'true',
		configFile: env.IMMICH_CONFIG_FILE,
		enforcePasswordChange: env.IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE,
		build: readBuild(variables),
		allowCommonPasswords: env.IMMICH_AUTH_ALLOW_COMMON_PASSWORDS,
		oauth: readOAuthEnv(variables),
		secrets: readSecretEnv(variables),
		versionUrl: env.IMMICH_AUTH_VERSION_URL,
		licensePublicKeys: env.IMMICH_AUTH_LICENSE_PUBLIC_KEYS,
		upstreamUrl: env.IMMICH_UPSTREAM_URL,
		metrics:
			env.IMMICH_AUTH_METRICS_PORT === undefined
				? null
				: { host: env.IMMICH_AUTH_METRICS_HOST, port: env.IMMICH_AUTH_METRICS_PORT }
	};
}
