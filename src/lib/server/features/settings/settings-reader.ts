import { mergeImmichAuthConfig, type ImmichAuthConfig } from '#lib/contract/settings/document/immich-auth.ts';
import { mergeWithDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import type { DocumentProblem } from '#lib/contract/settings/document/sparse-document.ts';
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

const retryMs = 1_000;

interface Options {
	readonly settings: SettingsRepository;
	readonly env: AppEnv;
	readonly log: Log;
}

/**
 * Serves the settings from memory, so that asking costs no query. They are read anew whenever the database says that they
 * have changed: docs/decisions/018.
 */
export class SettingsReader {
	readonly #with: Options;
	readonly #file: SystemConfig | null;
	readonly #listeners = new Set<Listener>();
	#documents: Settings;
	#current: Settings;
	#seen = '';
	#reading: Promise<void> = Promise.resolve();
	#readingNext: Promise<void> | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#isStopped = false;

	/** Reads both documents; rejects where that cannot be done, so that nothing starts on mere defaults. */
	static async open(options: Options): Promise<SettingsReader> {
		return new SettingsReader(options, await fileOf(options), await options.settings.read());
	}

	private constructor(options: Options, file: SystemConfig | null, stored: StoredSettings) {
		this.#with = options;
		this.#file = file;
		this.#documents = this.parse(stored);
		this.#current = this.asInForce(this.#documents);
		this.#seen = JSON.stringify(stored);
	}

	/** What is in force. */
	get current(): Settings {
		return this.#current;
	}

	/** The documents as administrators wrote them, before the environment has its say. */
	get documents(): Settings {
		return this.#documents;
	}

	/** Tells what would be in force if the documents were these: what stands in the environment goes before them. */
	asInForce(documents: Settings): Settings {
		return overruled(documents, this.#with.env);
	}

	/** Calls `listener` after every change, whoever made it on whichever instance. Gives what ends that. */
	onChange(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Reads both documents now; those who ask while they are being read wait for one more reading together. */
	refresh(): Promise<void> {
		return (this.#readingNext ??= this.#reading
			.catch(() => undefined)
			.then(() => {
				this.#readingNext = null;
				return (this.#reading = this.#read());
			}));
	}

	/** The same when nobody waits for it: tried again until the database answers. */
	follow(): void {
		this.refresh().catch((error: unknown) => {
			this.#with.log.warn({ error }, 'The settings could not be read');
			clearTimeout(this.#timer);
			if (this.#isStopped) return;
			this.#timer = setTimeout(() => this.follow(), retryMs);
			this.#timer.unref();
		});
	}

	/** Makes the documents of what is stored; what is wrong in it is logged, and its default used. */
	parse({ system, immichAuth }: StoredSettings): Settings {
		const theirs = this.#file ? { config: this.#file, problems: [] } : mergeWithDefaults(system);
		const ours = mergeImmichAuthConfig(immichAuth);
		this.#tell([...theirs.problems, ...ours.problems]);
		return { system: theirs.config, immichAuth: ours.config };
	}

	stop(): void {
		this.#isStopped = true;
		clearTimeout(this.#timer);
		this.#listeners.clear();
	}

	async #read(): Promise<void> {
		const stored = await this.#with.settings.read();
		const seen = JSON.stringify(stored);
		if (seen === this.#seen) return;
		this.#seen = seen;
		this.#documents = this.parse(stored);
		this.#current = this.asInForce(this.#documents);
		for (const listener of this.#listeners) listener(this.#current);
	}

	#tell(problems: readonly DocumentProblem[]): void {
		for (const { path, message } of problems)
			this.#with.log.warn({ setting: path.join('.'), problem: message }, 'A stored setting cannot be used');
	}
}

async function fileOf({ env, log }: Options): Promise<SystemConfig | null> {
	if (env.configFile === undefined) return null;
	const { system, unknownKeys } = await readConfigFile(env.configFile);
	if (unknownKeys.length > 0) log.warn({ settings: unknownKeys }, 'The config file has settings that are not known');
	return system;
}

/** What stands in the environment goes before what is stored. */
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
