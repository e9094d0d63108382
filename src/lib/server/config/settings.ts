import { mergeImmichAuthConfig, type ImmichAuthConfig } from '#lib/contract/system-config/immich-auth.ts';
import { mergeWithDefaults, type SystemConfig } from '#lib/contract/system-config/index.ts';
import type { MetadataRepository } from '../repositories/metadata.repository.ts';
import type { AppEnv } from './env.ts';

/** Both settings documents, as they are in force. */
export interface Settings {
	readonly system: SystemConfig;
	readonly immichAuth: ImmichAuthConfig;
}

/** How old the copy may be that requests are served from; another server's change is seen after that. */
const freshForMs = 5_000;

/** Serves the settings from memory, and reads them anew in the background. */
export class SettingsReader {
	readonly #metadata: MetadataRepository;
	readonly #env: AppEnv;
	#current: Settings;
	#readAt: number;

	/** Reads both documents; rejects where the database cannot be asked, so that nothing starts on mere defaults. */
	static async open(metadata: MetadataRepository, env: AppEnv): Promise<SettingsReader> {
		return new SettingsReader(metadata, env, await read(metadata, env));
	}

	private constructor(metadata: MetadataRepository, env: AppEnv, current: Settings) {
		this.#metadata = metadata;
		this.#env = env;
		this.#current = current;
		this.#readAt = Date.now();
	}

	get current(): Settings {
		if (Date.now() - this.#readAt > freshForMs) {
			this.#readAt = Date.now();
			// The last known settings stay in force while the database does not answer.
			this.refresh().catch(() => undefined);
		}
		return this.#current;
	}

	/** Reads both documents now. */
	async refresh(): Promise<void> {
		this.#current = await read(this.#metadata, this.#env);
		this.#readAt = Date.now();
	}
}

async function read(metadata: MetadataRepository, env: AppEnv): Promise<Settings> {
	const [system, ours] = await Promise.all([metadata.getOfSystem('system-config'), metadata.getSetting('immich-auth')]);
	const immichAuth = mergeImmichAuthConfig(ours).config;
	const enforceChange = env.enforcePasswordChange ?? immichAuth.passwords.enforceChange;
	return {
		system: mergeWithDefaults(system).config,
		immichAuth: { ...immichAuth, passwords: { ...immichAuth.passwords, enforceChange } }
	};
}
