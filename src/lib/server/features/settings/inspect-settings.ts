import type { AppEnv } from '#lib/server/platform/config/env.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { SettingsReader, type Settings } from './settings-reader.ts';
import type { SettingsRepository } from './settings.repository.ts';

/** The settings in force, and what is wrong with the stored ones and the config file. */
export interface InspectedSettings {
	readonly current: Settings;
	readonly problems: readonly string[];
}

/**
 * Reads the settings once, as a start of the server does.
 * @throws {Error} if the config file is invalid, in one line
 */
export async function inspectSettings(
	settings: Pick<SettingsRepository, 'read'>,
	env: AppEnv
): Promise<InspectedSettings> {
	const problems: string[] = [];
	const warn: Log['warn'] = (details: unknown, message?: unknown) => {
		problems.push(`${String(message)}: ${describe(details)}`);
	};
	const reader = await SettingsReader.open({ settings, env, log: { warn } });
	reader.stop();
	return { current: reader.current, problems };
}

const describe = (details: unknown): string =>
	typeof details === 'object' && details !== null ? Object.values(details).flat().join(', ') : String(details);
