import type { SentFile } from '#lib/contract/operation.ts';
import type { StorageTemplateOptions } from '#lib/contract/settings/settings-operations.ts';
import type { DocumentName } from '#lib/contract/settings/groups/index.ts';
import {
	ImmichAuthConfigDto,
	immichAuthConfigDefaults,
	type ImmichAuthConfig
} from '#lib/contract/settings/document/immich-auth.ts';
import { AdminConfigDto, systemConfigDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import { changedLeaves, toLeaves, withLeaves } from '#lib/contract/settings/document/leaves.ts';
import { maskSecrets } from '#lib/contract/settings/document/secrets.ts';
import { isEqual, type JsonObject } from '#lib/contract/settings/document/sparse-document.ts';
import {
	pickPublicConfig,
	pickUserConfig,
	type PublicConfig,
	type UserConfig
} from '#lib/contract/settings/document/subsets.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { SettingsKey } from './settings-key.ts';
import type { SettingsReader } from './settings-reader.ts';
import { lockOn, type SettingLock } from './setting-locks.ts';
import { settingsChanged, settingsLocked } from './errors.ts';
import { withStoredSecrets } from './settings-secrets.ts';
import type { SettingsWriter } from './settings-writer.ts';
import { storageTemplateOptions } from './storage-template.ts';

interface Dependencies {
	readonly settings: SettingsReader;
	readonly writer: SettingsWriter;
	readonly key: SettingsKey;
	readonly locks: readonly SettingLock[];
}

/** A document as returned to clients, and its version. */
interface Versioned<Document> {
	readonly config: Document;
	readonly version: string;
}

/** Whether a version is the one that a change is meant for. */
type VersionCheck = (version: string) => boolean;

/**
 * The settings as read and replaced through the API.
 * Source: docs/wire-reference/settings.md#replacing-the-settings.
 */
export class SettingsService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Immich's document, with masked secrets. */
	getSystem(): Versioned<SystemConfig> {
		return this.#toVersionedSystem(this.#deps.settings.documents.system);
	}

	/** Our document as in force: locked settings have the environment's value. */
	getImmichAuth(): Versioned<ImmichAuthConfig> {
		return this.#toVersionedImmichAuth(this.#deps.settings.documents.immichAuth);
	}

	systemDefaults(): SystemConfig {
		return systemConfigDefaults;
	}

	immichAuthDefaults(): ImmichAuthConfig {
		return immichAuthConfigDefaults;
	}

	/**
	 * Replaces Immich's document; returns it with secrets masked.
	 * @throws {AppError} 400 and 412 as SettingsWriter.change
	 */
	async updateSystem(auth: Auth, dto: SystemConfig, isMeant: VersionCheck): Promise<Versioned<SystemConfig>> {
		return this.#toVersionedSystem(await this.#replace(auth, 'system', dto, isMeant));
	}

	/**
	 * Replaces our document; returns it with secrets masked.
	 * @throws {AppError} 400 and 412 as SettingsWriter.change
	 */
	async updateImmichAuth(
		auth: Auth,
		dto: ImmichAuthConfig,
		isMeant: VersionCheck
	): Promise<Versioned<ImmichAuthConfig>> {
		const document = await this.#replace(auth, 'immichAuth', dto, isMeant);
		return this.#toVersionedImmichAuth(ImmichAuthConfigDto.parse(document));
	}

	/** Returns the settings that every signed-in user can see. */
	getUserConfig(): UserConfig {
		return pickUserConfig(this.#deps.settings.current.system);
	}

	/** Returns the defaults of `getUserConfig`. */
	userDefaults(): UserConfig {
		return pickUserConfig(systemConfigDefaults);
	}

	/** Returns the settings that anyone can see. */
	getPublicConfig(): PublicConfig {
		return pickPublicConfig(this.#deps.settings.current.system);
	}

	/** Returns the defaults of `getPublicConfig`. */
	publicDefaults(): PublicConfig {
		return pickPublicConfig(systemConfigDefaults);
	}

	/** Source: docs/wire-reference/settings.md#presets-of-storage-templates. */
	storageTemplateOptions(): StorageTemplateOptions {
		return storageTemplateOptions;
	}

	/** Returns the theme’s CSS as a file. */
	customCss(): SentFile {
		const { customCss } = this.#deps.settings.current.system.theme;
		return { type: 'text/css; charset=utf-8', name: 'custom.css', parts: [customCss] };
	}

	#replace(auth: Auth, name: DocumentName, dto: JsonObject, isMeant: VersionCheck): Promise<JsonObject> {
		const { writer, key } = this.#deps;
		const decide = (current: JsonObject) => {
			if (!isMeant(key.computeVersion(current))) throw settingsChanged();
			const written = withStoredSecrets(dto, current);
			return name === 'system' ? written : this.#withStored(written, current);
		};
		// Immich's clients expect every valid document to be saved.
		return writer.change(auth, name, decide, { mayLockAdminsOut: name === 'system' });
	}

	#toVersionedSystem(document: JsonObject): Versioned<SystemConfig> {
		const config = AdminConfigDto.parse(maskSecrets(document));
		return { config, version: this.#deps.key.computeVersion(document) };
	}

	#toVersionedImmichAuth(document: ImmichAuthConfig): Versioned<ImmichAuthConfig> {
		const config = ImmichAuthConfigDto.parse(maskSecrets(this.#inForce(document)));
		return { config, version: this.#deps.key.computeVersion(document) };
	}

	#inForce(immichAuth: ImmichAuthConfig): ImmichAuthConfig {
		const { settings } = this.#deps;
		return settings.asInForce({ ...settings.documents, immichAuth }).immichAuth;
	}

	/** A locked setting sent back unchanged keeps its stored value; any other value is refused. */
	#withStored(dto: JsonObject, current: JsonObject): JsonObject {
		const sent = toLeaves(dto);
		const decided = changedLeaves(current, this.#inForce(ImmichAuthConfigDto.parse(current)));
		for (const { path, to } of decided) {
			const lock = lockOn(this.#deps.locks, 'immichAuth', path);
			if (lock && !isEqual(to, sent.get(path))) throw settingsLocked(lock.refusal);
		}
		return withLeaves(dto, new Map(decided.map(({ path, from }) => [path, from])));
	}
}
