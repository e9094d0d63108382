import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { setLogging } from '#lib/server/platform/log.ts';
import type { SettingsStore } from './repositories.ts';
import { listSettingLocks } from './setting-locks.ts';
import { SettingsGroupService } from './settings-group.service.ts';
import { SettingsKey } from './settings-key.ts';
import { SettingsReader } from './settings-reader.ts';
import { SettingsWriter, type IssuerCheck } from './settings-writer.ts';
import { SignInSwitchService } from './sign-in-switch.service.ts';
import { SettingsService } from './settings.service.ts';

/** What the feature of the providers does with changed settings. */
interface ProviderWatch {
	readonly issuers: IssuerCheck;
	/** Called after each save. */
	readonly onSaved: () => void;
}

export async function createSettings({ store, env, log }: Platform<SettingsStore>) {
	await store.transaction(({ settings }) => settings.protect());
	const reader = await SettingsReader.open({ settings: store.settings, env, log });
	const applyLogging = () => setLogging(log, reader.current.system.logging);
	applyLogging();
	reader.onChange(applyLogging);
	const key = new SettingsKey(await store.signingSecrets.getOrCreate('settings'));
	const locks = listSettingLocks(env);
	let providers: ProviderWatch | null = null;
	const watch = (): ProviderWatch => {
		if (!providers) throw new Error('No feature checks the providers in settings');
		return providers;
	};
	const writer = new SettingsWriter({
		store,
		settings: reader,
		issuers: { findClaim: (before, after) => watch().issuers.findClaim(before, after) },
		locks,
		log,
		onSaved: () => watch().onSaved()
	});
	return {
		reader,
		writer,
		key,
		/** Nothing can be saved before this has been called. */
		watchProviders: (watch: ProviderWatch): void => {
			providers = watch;
		},
		services: {
			settings: new SettingsService({ settings: reader, writer, key, locks }),
			signInSwitch: new SignInSwitchService({ settings: reader, writer, locks }),
			settingsGroup: new SettingsGroupService({ settings: reader, writer, key, locks })
		},
		changes: { settings: () => reader.reload() },
		stop: { name: 'settings', run: () => reader.stop() }
	} satisfies Feature;
}

export type SettingsFeature = Awaited<ReturnType<typeof createSettings>>;
