import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import type { Settings } from '#lib/server/features/settings/settings-reader.ts';

/** Default settings, except for the given ones. */
export const settingsWith = ({ allowCommon = false, externalDomain = '' } = {}): Settings => ({
	system: { ...systemConfigDefaults, server: { ...systemConfigDefaults.server, externalDomain } },
	immichAuth: {
		...immichAuthConfigDefaults,
		passwords: { ...immichAuthConfigDefaults.passwords, allowCommon }
	}
});
