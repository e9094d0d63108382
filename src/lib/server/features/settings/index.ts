export { createSettings, type SettingsFeature } from './feature.ts';
export {
	mostStranded,
	refuseStranding,
	getSignInWays,
	readSignInWays,
	refuseOnlyAdminWhoCanSignIn,
	type StrandedView,
	toStrandedView
} from './admin-ways.ts';
export { listAllProviders, getHost, type OAuthProvider, listProviders, rewriteMobile } from './oauth-providers.ts';
export { withoutPassword } from './settings-audit.ts';
export type { ProposedGroup } from './settings-group.service.ts';
export { inspectSettings } from './inspect-settings.ts';
export type { SettingsKey } from './settings-key.ts';
export type { Settings, SettingsReader } from './settings-reader.ts';
export type { SettingsWriter } from './settings-writer.ts';
export {
	type AdminWaysRepositories,
	type SettingsDirectRepositories,
	settingsDirectRepositories,
	settingsRepositories
} from './repositories.ts';
export { settingsGroupNotFound } from './errors.ts';
