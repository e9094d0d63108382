import { mergeImmichAuthConfig, type ImmichAuthConfig } from '#lib/contract/settings/document/immich-auth.ts';
import { mergeWithDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import type { DocumentProblem } from '#lib/contract/settings/document/sparse-document.ts';
import { CachedDocument } from '#lib/server/platform/cached-document.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { SettingsRepository, StoredSettings } from './settings.repository.ts';
import { readConfigFile } from './config-file.ts';
import type { AppEnv } from '#lib/server/platform/config/env.ts';

/** Both settings documents. */
export interface Settings {
	readonly system: SystemConfig;
	readonly immichAuth: ImmichAuthConfig;
}

type Listener = (current: Settings) => void;

interface Options {
	readonly settings: Pick<SettingsRepository, 'read'>;
	readonly env: AppEnv;
	readonly log: Pick<Log, 'warn'>;
}

/**
 * Serves the settings from memory, without a query. They are read again whenever the database reports a change:
 * docs/decisions/018.
 */
export class SettingsReader {
	readonly #deps: Options;
	readonly #file: SystemConfig | null;
	readonly #listeners = new Set<Listener>();
	readonly #stored: CachedDocument<StoredSettings>;
	#documents: Settings;
	#current: Settings;

	/** Reads both documents; rejects if that fails, so that the server never starts with just the defaults. */
	static async open(options: Options): Promise<SettingsReader> {
		return new SettingsReader(options, await loadConfigFile(options), await options.settings.read());
	}

	private constructor(options: Options, file: SystemConfig | null, stored: StoredSettings) {
		this.#deps = options;
		this.#file = file;
		this.#documents = this.parse(stored);
		this.#current = this.asInForce(this.#documents);
		this.#stored = new CachedDocument(stored, {
			read: () => options.settings.read(),
			onRead: (read, isChanged) => isChanged && this.#replace(read),
			onFailure: (error) => options.log.warn({ error }, 'The settings could not be read')
		});
	}

	/** The settings in force. */
	get current(): Settings {
		return this.#current;
	}

	/** The documents as saved by admins, without the environment's overrides. */
	get documents(): Settings {
		return this.#documents;
	}

	/** Returns the settings in force for these documents: the environment takes precedence. */
	asInForce(documents: Settings): Settings {
		return overruled(documents, this.#deps.env);
	}

	/** Reads the settings in force from the database, within a transaction as of its locks. */
	async readInForce(settings: Pick<SettingsRepository, 'read'>): Promise<Settings> {
		return this.asInForce(this.parse(await settings.read()));
	}

	/** Calls `listener` after every change on any instance. Returns a function that unsubscribes. */
	onChange(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Reads both documents now; calls during a read share one further read. */
	refresh(): Promise<void> {
		return this.#stored.refresh();
	}

	/** The same, but a failure is only logged, and retried in the background. */
	reload(): Promise<void> {
		return this.#stored.follow();
	}

	/** Parses the stored documents. Invalid settings are logged and get their defaults. */
	parse({ system, immichAuth }: StoredSettings): Settings {
		const theirs = this.#file ? { config: this.#file, problems: [] } : mergeWithDefaults(system);
		const ours = mergeImmichAuthConfig(immichAuth);
		this.#notifyListeners([...theirs.problems, ...ours.problems]);
		return { system: theirs.config, immichAuth: ours.config };
	}

	/** Stops rereading and drops all listeners. */
	stop(): void {
		this.#stored.stop();
		this.#listeners.clear();
	}

	#replace(stored: StoredSettings): void {
		this.#documents = this.parse(stored);
		this.#current = this.asInForce(this.#documents);
		for (const listener of this.#listeners) listener(this.#current);
	}

	#notifyListeners(problems: readonly DocumentProblem[]): void {
		for (const { path, message } of problems)
			this.#deps.log.warn({ setting: path.join('.'), problem: message }, 'A stored setting cannot be used');
	}
}

async function loadConfigFile({ env, log }: Options): Promise<SystemConfig | null> {
	if (env.configFile === undefined) return null;
	const { system, unknownKeys } = await readConfigFile(env.configFile);
	if (unknownKeys.length > 0) log.warn({ settings: unknownKeys }, 'The config file has settings that are not known');
	return system;
}

/** Applies the environment, which takes precedence over stored settings. */
function overruled(
	{ system, immichAuth }: Settings,
	{ logLevel, enforcePasswordChange, allowCommonPasswords, oauth }: AppEnv
): Settings {
	const { passwords } = immichAuth;
	const enforceChange = enforcePasswordChange ?? passwords.enforceChange;
	const allowCommon = allowCommonPasswords ?? passwords.allowCommon;
	return {
		system: {
			...system,
			oauth: { ...system.oauth, ...oauth },
			...(logLevel && { logging: { enabled: true, level: logLevel } })
		},
		immichAuth: { ...immichAuth, passwords: { ...passwords, enforceChange, allowCommon } }
	};
}
