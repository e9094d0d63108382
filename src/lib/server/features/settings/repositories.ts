import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { OAuthUnlinkRepository } from '#lib/server/features/oauth/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import type { UserRepository } from '#lib/server/features/users/index.ts';
import { SettingsRepository } from './settings.repository.ts';
import { SigningSecretRepository } from './signing-secret.repository.ts';

export const settingsRepositories = {
	settings: SettingsRepository
};

export const settingsDirectRepositories = {
	signingSecrets: SigningSecretRepository
};

export type SettingsDirectRepositories = RepositoriesOf<typeof settingsDirectRepositories>;

/** Which admins a change of settings or of an admin would lock out. */
export interface AdminWaysRepositories {
	readonly oauthUnlinks: Pick<OAuthUnlinkRepository, 'isOnlyAdminWhoCanSignIn' | 'listLockedOutAdmins'>;
	readonly settings: Pick<SettingsRepository, 'read'>;
	readonly users: Pick<UserRepository, 'lockAdmins'>;
}

export type SettingsStore = Store<
	RepositoriesOf<typeof settingsRepositories> & AuditRepositories & LiveAdminRepositories & AdminWaysRepositories,
	SettingsDirectRepositories
>;
